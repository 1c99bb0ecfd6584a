import type { Column, Kind, Pupil } from './types'

/** What the heads of the columns say of them. The summaries at the right have no kind and take nothing. */
export function columnsOf(table: HTMLTableElement): Column[] {
  const heads = [...(table.tHead?.rows[table.tHead.rows.length - 1]?.cells ?? [])]
  return heads.filter((head) => head.dataset.kind).map((head) => {
    const { kind, lesson = '', day = '', min, max, locked = '', label, points } = head.dataset
    return {
      lesson,
      kind: kind as Kind,
      min: Number(min ?? 0),
      max: max === undefined ? null : Number(max),
      locked,
      date: day,
      label: label ?? [...head.childNodes].map((part) => part.textContent?.trim()).join(' '),
      absence: kind === 'fo',
      ...(points === 'no' ? { points: false } : {}),
    }
  })
}

/** The pupils by the heads of their rows: a number, then the name, then perhaps a note in a `small`. */
export function pupilsOf(table: HTMLTableElement): Pupil[] {
  return [...(table.tBodies[0]?.rows ?? [])].map((row) => ({
    id: row.dataset.pupil ?? '',
    name: [...(row.cells[0]?.childNodes ?? [])].filter((part) => part.nodeType === Node.TEXT_NODE)
      .map((part) => part.textContent).join('').trim(),
    note: row.cells[0]?.querySelector('small')?.textContent?.trim() ?? '',
  }))
}
