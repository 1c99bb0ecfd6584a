import type { Absence, CellValue, Column } from './types'

/** Letters that teachers write, in Russian and Kazakh journals, and what they mean. */
export const LETTERS: Record<string, Absence> = {
  н: 'unexcused', ж: 'unexcused',
  п: 'excused', у: 'excused', д: 'excused',
  б: 'ill', а: 'ill',
  о: 'late', к: 'late',
}

/** Physical keys of ЙЦУКЕН: the same key means the same when a Latin layout is on. */
const BY_PLACE: Record<string, string> = {
  KeyY: 'н', Semicolon: 'ж', KeyG: 'п', KeyE: 'у', KeyL: 'д', Comma: 'б', KeyF: 'а', KeyJ: 'о', KeyR: 'к',
}

/** Latin letters that look or sound like ours; used where the place itself means nothing. */
const LOOKALIKES: Record<string, string> = { a: 'а', o: 'о', k: 'к', h: 'н', n: 'н', b: 'б', p: 'п', d: 'д', y: 'у' }

export type Stroke = { digit: string } | { absence: Absence } | null

/** What a key press writes, whatever layout is on: in the Kazakh one the upper row types letters, and still means digits. */
export function stroke(event: Pick<KeyboardEvent, 'code' | 'key' | 'shiftKey'>): Stroke {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)
  if (digit?.[1] && !event.shiftKey) return { digit: digit[1] }
  if (/^\d$/.test(event.key)) return { digit: event.key }
  const typed = event.key.toLowerCase()
  const letter = LETTERS[typed] ? typed : /^[a-z;,]$/.test(typed) ? (BY_PLACE[event.code] ?? LOOKALIKES[typed]) : undefined
  const absence = letter ? LETTERS[letter] : undefined
  return absence ? { absence } : null
}

export type Fault = 'unknown' | 'aboveMax' | 'belowMin' | 'noAbsence' | 'noPoints'
export type Parsed = { ok: true; value: Partial<CellValue> } | { ok: false; reason: Fault }

/** Read what was typed or pasted: `7`, `н`, `5 о`, `17/20`, nothing. Only the fields that were written are changed. */
export function parse(text: string, column: Pick<Column, 'kind' | 'max' | 'min' | 'absence' | 'points'>): Parsed {
  const typed = text.trim().toLowerCase()
  if (typed === '' || typed === '-' || typed === '–') return { ok: true, value: { points: null, absence: null } }
  const match = /^(\d{1,3})?(?:[.,]0+)?(?:\s*\/\s*\d{1,3})?\s*([a-zа-яё])?$/u.exec(typed)
  if (!match || (match[1] === undefined && match[2] === undefined)) return { ok: false, reason: 'unknown' }
  const value: Partial<CellValue> = {}
  if (match[1] !== undefined) {
    if (column.points === false) return { ok: false, reason: 'noPoints' }
    const points = Number(match[1])
    if (column.max !== null && points > column.max) return { ok: false, reason: 'aboveMax' }
    if (points < least(column)) return { ok: false, reason: 'belowMin' }
    value.points = points
  }
  if (match[2] !== undefined) {
    const absence = LETTERS[match[2]] ?? LETTERS[LOOKALIKES[match[2]] ?? '']
    if (!absence) return { ok: false, reason: 'unknown' }
    if (!takesAbsence(column)) return { ok: false, reason: 'noAbsence' }
    value.absence = absence
  }
  return { ok: true, value }
}

/** The least mark: a current mark starts at 1, a period's at 2, points of a summative work at 0. */
export function least(column: Pick<Column, 'kind' | 'min'>): number {
  return column.min ?? { fo: 1, sor: 0, soch: 0, period: 2 }[column.kind]
}

export function takesAbsence(column: Pick<Column, 'kind' | 'absence'>): boolean {
  return column.absence ?? column.kind !== 'period'
}

/** The text of a cell, as the server writes it too. */
export function show(value: Pick<CellValue, 'points' | 'absence'>, letters: { code: Absence; letter: string }[]): string {
  const letter = letters.find((one) => one.code === value.absence)?.letter
  return [value.points === null ? '' : String(value.points), letter ?? ''].filter(Boolean).join(' ')
}

/** A block copied from a spreadsheet: rows of cells. Excel ends it with a line break of its own. */
export function block(text: string): string[][] {
  return text.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n').map((line) => line.split('\t'))
}
