export type Kind = 'fo' | 'sor' | 'soch' | 'period'
export type Absence = 'unexcused' | 'excused' | 'ill' | 'late'
export type Field = 'points' | 'absence' | 'comment'
/** Points, the code of an absence, or the words of a comment. */
export type Value = number | string | null

export interface Column {
  lesson: string
  kind: Kind
  max: number | null
  min?: number
  /** Why the column takes nothing, or an empty string. */
  locked: string
  date: string
  label: string
  absence?: boolean
  /** False in a journal without marks: absences and comments only. */
  points?: boolean
}

/** What the page gives to the island, beside what the table itself says. */
export interface Given {
  course: string
  owner: string
  saveUrl: string
  historyUrl: string
  neededUrl: string
  signInUrl: string
  language: string
  today: string
  absence: { code: Absence; letter: string; label: string }[]
  strings: Record<string, string>
  /** What stands beside marks in words: lesson, pupil, kind, version, text. */
  comments?: [string, string, Kind, number, string][]
  /** Recordings: lesson, pupil, kind, id, seconds; and where they are sent and heard. */
  voices?: [string, string, Kind, string, number][]
  voiceUrl?: string
}

export interface Pupil {
  id: string
  name: string
  /** What the teacher knows of him beside the marks: that no mark of the period is asked. */
  note: string
}

export interface Props extends Given {
  columns: Column[]
  pupils: Pupil[]
}

/** What a person did to one field of one cell; the server applies it when the field still has `version`. */
export interface Operation {
  id: string
  lesson: string
  pupil: string
  kind: Kind
  field: Field
  old: Value
  new: Value
  version: number
  at: string
}

export interface Result {
  id: string
  status: 'ok' | 'conflict' | 'refused' | 'locked'
  value?: Value
  version?: number
  by?: string
  at?: string
  message?: string
  summary?: Record<string, string | number | null>
}

/** An operation as the device keeps it: waiting, or waiting for a person's decision. */
export interface Kept extends Operation {
  scope: string
  /** Done ones are kept too, one a field: the device may show a copy of the page that is older than they are. */
  state: 'queued' | 'conflict' | 'refused' | 'done'
  /** How the cell is named to a person, also on the page of another period. */
  name?: string
  /** It was sent at least once, so the server may know it although its answer was lost. */
  tried?: boolean
  result?: Result
}

export interface Voice { id: string; seconds: number }

export interface CellValue {
  points: number | null
  absence: Absence | null
  /** Words for the pupil and the parents. */
  comment: string | null
}
