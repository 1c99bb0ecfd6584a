/** ECharts has no Kazakh; these are the parts that our charts can show or speak. */
export const kk = {
  time: {
    month: ['Қаңтар', 'Ақпан', 'Наурыз', 'Сәуір', 'Мамыр', 'Маусым', 'Шілде', 'Тамыз', 'Қыркүйек', 'Қазан', 'Қараша', 'Желтоқсан'],
    monthAbbr: ['қаң', 'ақп', 'нау', 'сәу', 'мам', 'мау', 'шіл', 'там', 'қыр', 'қаз', 'қар', 'жел'],
    dayOfWeek: ['жексенбі', 'дүйсенбі', 'сейсенбі', 'сәрсенбі', 'бейсенбі', 'жұма', 'сенбі'],
    dayOfWeekAbbr: ['жс', 'дс', 'сс', 'ср', 'бс', 'жм', 'сб'],
  },
  legend: { selector: { all: 'Барлығы', inverse: 'Керісінше' } },
  toolbox: {
    brush: { title: { rect: 'Тіктөртбұрыш', polygon: 'Еркін аймақ', lineX: 'Көлденең', lineY: 'Тігінен', keep: 'Сақтау', clear: 'Тазалау' } },
    dataView: { title: 'Деректер', lang: ['Деректер', 'Жабу', 'Жаңарту'] as [string, string, string] },
    dataZoom: { title: { zoom: 'Үлкейту', back: 'Қайтару' } },
    magicType: { title: { line: 'Сызық', bar: 'Баған', stack: 'Жинақ', tiled: 'Қатар' } },
    restore: { title: 'Қалпына келтіру' },
    saveAsImage: { title: 'Суретті сақтау', lang: ['Сақтау үшін тінтуірдің оң жағын басыңыз'] as [string] },
  },
  series: { typeNames: { bar: 'бағанды диаграмма', line: 'сызықтық диаграмма', pie: 'дөңгелек диаграмма', chart: 'диаграмма' } },
  aria: {
    general: { withTitle: 'Диаграмма: «{title}»', withoutTitle: 'Диаграмма' },
    series: {
      single: { prefix: '', withName: ', түрі: {seriesType}, атауы: {seriesName}.', withoutName: ', түрі: {seriesType}.' },
      multiple: {
        prefix: '. Қатар саны: {seriesCount}.',
        withName: ' {seriesId}-қатар: {seriesType}, {seriesName}.',
        withoutName: ' {seriesId}-қатар: {seriesType}.',
        separator: { middle: '', end: '' },
      },
    },
    data: {
      allData: 'Деректер: ',
      partialData: 'Алғашқы {displayCnt} дерек: ',
      withName: '{name} – {value}',
      withoutName: '{value}',
      separator: { middle: ', ', end: '. ' },
    },
  },
}
