"""Timetables as schools and programs write them, made by hand: no two are alike."""

from __future__ import annotations

from typing import Any

from tests.imports.build import xlsx

ASC = """<?xml version="1.0" encoding="windows-1251"?>
<timetable ascttversion="2023.8.1" importtype="database" options="idprefix:%CHRID,daynumbering1" displayname="aSc Timetables 2012 XML">
   <periods options="canadd,export:silent" columns="period,name,short,starttime,endtime">
      <period name="1" short="1" period="1" starttime="8:00" endtime="8:45"/>
      <period name="2" short="2" period="2" starttime="8:50" endtime="9:35"/>
      <period name="3" short="3" period="3" starttime="9:45" endtime="10:30"/>
   </periods>
   <daysdefs options="canadd,export:silent" columns="id,days,name,short">
      <daysdef id="D0" name="Любой день" short="X" days="10000,01000,00100,00010,00001"/>
      <daysdef id="D1" name="Понедельник" short="Пн" days="10000"/>
      <daysdef id="D2" name="Вторник" short="Вт" days="01000"/>
   </daysdefs>
   <weeksdefs columns="id,weeks,name,short"><weeksdef id="W" name="Все недели" short="Все" weeks="11"/></weeksdefs>
   <subjects columns="id,name,short,partner_id">
      <subject id="S1" name="Алгебра" short="Алг"/>
      <subject id="S2" name="Физика" short="Физ"/>
      <subject id="S3" name="Английский язык" short="Англ"/>
   </subjects>
   <teachers columns="id,firstname,lastname,name,short">
      <teacher id="T1" firstname="Болат" lastname="Ермекова" name="Ермекова Болат" short="ЕБ"/>
      <teacher id="T2" firstname="" lastname="" name="Әлиева Д." short="ӘД"/>
      <teacher id="T3" firstname="Жан" lastname="Смит" name="Смит Жан" short="СЖ"/>
   </teachers>
   <classrooms columns="id,name,short,capacity"><classroom id="R1" name="каб. 203" short="203"/><classroom id="R2" name="Спортзал" short="СЗ"/></classrooms>
   <classes columns="id,name,short,teacherid"><class id="C1" name="7 А" short="7А"/><class id="C2" name="7 Б" short="7Б"/></classes>
   <groups columns="id,classid,name,entireclass,divisiontag">
      <group id="G1" name="Весь класс" classid="C1" entireclass="1" divisiontag="0"/>
      <group id="G2" name="1 группа" classid="C1" entireclass="0" divisiontag="1"/>
      <group id="G3" name="2 группа" classid="C1" entireclass="0" divisiontag="1"/>
   </groups>
   <students columns="id,classid,name"><student id="P1" classid="C1" name="Кто-то"/></students>
   <lessons columns="id,subjectid,classids,groupids,teacherids,classroomids,periodspercard,periodsperweek,weeksdefid">
      <lesson id="L1" classids="C1" subjectid="S1" periodspercard="1" periodsperweek="3.0" teacherids="T1" classroomids="R1" groupids="G1"/>
      <lesson id="L2" classids="C1" subjectid="S2" periodspercard="2" periodsperweek="2.0" teacherids="T2" classroomids="" groupids="G1"/>
      <lesson id="L3" classids="C1" subjectid="S3" periodspercard="1" periodsperweek="1.0" teacherids="T3" groupids="G2"/>
      <lesson id="L4" classids="C1,C2" subjectid="S1" periodspercard="1" periodsperweek="1.0" teacherids="T1" groupids=""/>
      <lesson id="L5" classids="C1" subjectid="S2" periodspercard="1" periodsperweek="0.5" teacherids="T2" groupids="G1"/>
   </lessons>
   <cards columns="lessonid,period,days,weeks,terms,classroomids">
      <card lessonid="L1" classroomids="R1" period="1" weeks="11" terms="1" days="10000"/>
      <card lessonid="L1" classroomids="" period="3" weeks="11" terms="1" days="01000"/>
      <card lessonid="L2" classroomids="R2" period="2" weeks="11" terms="1" days="01000"/>
      <card lessonid="L3" classroomids="" period="1" weeks="11" terms="1" days="00100"/>
      <card lessonid="L4" classroomids="" period="2" weeks="11" terms="1" days="00010"/>
      <card lessonid="L5" classroomids="" period="3" weeks="10" terms="1" days="00001"/>
   </cards>
</timetable>
""".encode("windows-1251", errors="xmlcharrefreplace")

ASC_OLD = """<?xml version="1.0" encoding="UTF-8"?>
<timetable importtype="database" displayname="aSc Timetables 2008 XML">
  <days><day name="Дүйсенбі" short="Дс" day="0"/><day name="Сейсенбі" short="Сс" day="1"/></days>
  <periods><period period="1" starttime="8:00" endtime="8:45"/></periods>
  <subjects><subject id="*1" name="Алгебра"/></subjects>
  <teachers><teacher id="*1" name="Ермекова Б."/></teachers>
  <classes><class id="*1" name="7А"/></classes>
  <classrooms><classroom id="*1" name="12"/></classrooms>
  <lessons><lesson id="*1" subjectid="*1" classids="*1" teacherids="*1" periods="2"/></lessons>
  <cards><card lessonid="*1" day="1" period="1" classroomid="*1"/></cards>
</timetable>
""".encode()

FET = """<?xml version="1.0" encoding="UTF-8"?>
<fet version="6.8.5">
<Mode>Official</Mode>
<Institution_Name>Мектеп</Institution_Name>
<Days_List><Number_of_Days>2</Number_of_Days><Day><Name>Дүйсенбі</Name></Day><Day><Name>Сейсенбі</Name></Day></Days_List>
<Hours_List><Number_of_Hours>3</Number_of_Hours><Hour><Name>08:00</Name></Hour><Hour><Name>08:50</Name></Hour><Hour><Name>09:45</Name></Hour></Hours_List>
<Students_List>
 <Year><Name>7</Name><Number_of_Students>50</Number_of_Students>
  <Group><Name>7А</Name><Number_of_Students>25</Number_of_Students>
   <Subgroup><Name>7А_1</Name><Number_of_Students>13</Number_of_Students></Subgroup>
   <Subgroup><Name>7А_2</Name><Number_of_Students>12</Number_of_Students></Subgroup>
  </Group>
 </Year>
</Students_List>
<Activities_List>
 <Activity><Teacher>Ермекова Б.</Teacher><Subject>Алгебра</Subject><Students>7А</Students><Duration>1</Duration><Total_Duration>3</Total_Duration><Id>1</Id><Activity_Group_Id>1</Activity_Group_Id><Active>true</Active><Comments></Comments></Activity>
 <Activity><Teacher>Ермекова Б.</Teacher><Subject>Алгебра</Subject><Students>7А</Students><Duration>2</Duration><Total_Duration>3</Total_Duration><Id>2</Id><Activity_Group_Id>1</Activity_Group_Id><Active>true</Active><Comments></Comments></Activity>
 <Activity><Teacher>Әлиева Д.</Teacher><Subject>Физика</Subject><Students>7А_1</Students><Duration>1</Duration><Total_Duration>1</Total_Duration><Id>3</Id><Activity_Group_Id>0</Activity_Group_Id><Active>true</Active><Comments></Comments></Activity>
 <Activity><Teacher>Әлиева Д.</Teacher><Subject>Химия</Subject><Students>7А</Students><Duration>1</Duration><Total_Duration>1</Total_Duration><Id>4</Id><Activity_Group_Id>0</Activity_Group_Id><Active>false</Active><Comments></Comments></Activity>
</Activities_List>
<Rooms_List><Room><Name>203</Name><Building></Building><Capacity>30</Capacity><Virtual>false</Virtual></Room></Rooms_List>
<Time_Constraints_List>
 <ConstraintBasicCompulsoryTime><Weight_Percentage>100</Weight_Percentage><Active>true</Active><Comments></Comments></ConstraintBasicCompulsoryTime>
 <ConstraintTeacherMaxDaysPerWeek><Weight_Percentage>100</Weight_Percentage><Teacher_Name>Әлиева Д.</Teacher_Name><Max_Days_Per_Week>3</Max_Days_Per_Week><Active>true</Active></ConstraintTeacherMaxDaysPerWeek>
 <ConstraintTeacherMaxDaysPerWeek><Weight_Percentage>100</Weight_Percentage><Teacher_Name>Ермекова Б.</Teacher_Name><Max_Days_Per_Week>3</Max_Days_Per_Week><Active>true</Active></ConstraintTeacherMaxDaysPerWeek>
 <ConstraintQuiteUnheardOf><Weight_Percentage>50</Weight_Percentage></ConstraintQuiteUnheardOf>
 <ConstraintActivityPreferredStartingTime><Weight_Percentage>100</Weight_Percentage><Activity_Id>1</Activity_Id><Preferred_Day>Дүйсенбі</Preferred_Day><Preferred_Hour>08:00</Preferred_Hour><Permanently_Locked>true</Permanently_Locked><Active>true</Active><Comments>Жиын</Comments></ConstraintActivityPreferredStartingTime>
 <ConstraintActivityPreferredStartingTime><Weight_Percentage>100</Weight_Percentage><Activity_Id>2</Activity_Id><Preferred_Day>Сейсенбі</Preferred_Day><Preferred_Hour>08:50</Preferred_Hour><Permanently_Locked>false</Permanently_Locked><Active>true</Active><Comments></Comments></ConstraintActivityPreferredStartingTime>
</Time_Constraints_List>
<Space_Constraints_List>
 <ConstraintBasicCompulsorySpace><Weight_Percentage>100</Weight_Percentage></ConstraintBasicCompulsorySpace>
 <ConstraintActivityPreferredRoom><Weight_Percentage>100</Weight_Percentage><Activity_Id>1</Activity_Id><Room>203</Room><Permanently_Locked>true</Permanently_Locked><Active>true</Active></ConstraintActivityPreferredRoom>
</Space_Constraints_List>
</fet>
""".encode()

Rows = list[list[Any]]


def wall_ru() -> bytes:
    """Two classes by columns, the day merged over its rows, teacher and room behind slashes, a break between."""
    return xlsx(
        [
            ["Расписание уроков на I полугодие", None, None, None],
            ["День", "№", "7 «А» класс", "7 Б"],
            ["Понедельник", 1, "Алгебра / Ермекова Б. / 203", "Физика / Әлиева Д. / каб. 12"],
            [None, 2, "Физика / Әлиева Д.", "-"],
            [None, None, "Большая перемена", "Большая перемена"],
            [None, 3, "Англ.яз / Смит Ж. / 14 // Англ.яз / Ким А. / 15", None],
            ["Вторник", 1, "алгебра", "Aлгебра"],
            ["Директор школы", None, None, None],
        ],
        sheet="1 смена",
    )


def wall_kk() -> bytes:
    """Each lesson takes two rows, the second its teacher and room; Latin look-alikes; times instead of numbers."""
    return xlsx(
        [
            ["САБАҚ КЕСТЕСІ", None, None],
            ["Күні", "Уақыты", "7A", "7Ә"],
            ["Д\nү\nй\nс\nе\nн\nб\nі", "08.00-08.45", "Алгебра", "Қазақ тілі"],
            [None, None, "Ермекова Б.С. 203", "Әлиева Д.\nбөлме 12"],
            [None, "08.50-09.35", "1-топ Информатика\nӘлиева Д.\n2-топ Информатика\nКим А.", None],
            ["СЕЙСЕНБІ", "08.00-08.45", None, "Алгебра"],
        ]
    )


def wall_of_class() -> bytes:
    """A block for each class with the days by columns."""
    return xlsx(
        [
            ["7А класс", None, None, None, None, None],
            ["№", "Пн", "Вт", "Ср", "Чт", "Пт"],
            [1, "Алгебра", "Физика", "Алгебра", None, "Физика"],
            [2, "Физика", None, None, "Алгебра", None],
            ["7Б класс", None, None, None, None, None],
            ["№", "Пн", "Вт", "Ср", "Чт", "Пт"],
            [1, None, "Алгебра", None, None, None],
        ]
    )


def flat() -> bytes:
    return xlsx(
        [
            ["Сынып", "Апта күні", "Сабақ", "Пән", "Мұғалім", "Кабинет", "Топ"],
            ["7А", "Дүйсенбі", 1, "Алгебра", "Ермекова Болат Серікұлы", "203", ""],
            ["7А", "сс", "2-сабақ", "Алгебра", "Ермекова Б.С.", "каб 203", ""],
            ["7А", "Чт", "09:45", "Физика", "Елиева Дана", "", ""],
            ["7А", "", "", "Алгебра", "", "", ""],
            ["7Я", "Пн", 1, "Алгебра", "", "", ""],
            ["7А", "Пн", 3, "Алхимия", "Әлиева Дана", "", ""],
            ["7А", "Пн", 15, "Физика", "Әлиева Дана", "", ""],
        ]
    )
