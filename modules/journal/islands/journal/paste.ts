import type { Grid, Place } from './grid'
import { block, parse } from './parse'
import { button, el } from './strip'
import type { CellValue } from './types'
import { dialog } from './windows'

export interface Landing {
  changes: { place: Place; value: Partial<CellValue> }[]
  /** Cells that hold another value now. */
  replaced: { place: Place; typed: string }[]
  /** What was copied and cannot be written where it would land; `place` is null beyond the table. */
  faults: { place: Place | null; where: string; typed: string; why: string }[]
}

const plain = (name: string) => name.toLowerCase().replaceAll('ё', 'е').replace(/[^\p{L}]+/gu, ' ').trim()

/**
 * The rows that the lines of a block mean when its first column holds the pupils' names, in whatever order the sheet
 * has them: a patronymic more is no other person. Null when it holds no names.
 */
function byNames(grid: Grid, lines: string[][]): (number | undefined)[] | null {
  if (lines.some((line) => line.length > 1 && /^[\s\d.,/]*$/.test(line[0]!) && line[0]!.trim() !== '')) return null
  const names = grid.props.pupils.map((pupil) => plain(pupil.name))
  const found = lines.map((line) => {
    const asked = line.length > 1 ? plain(line[0]!) : ''
    if (!asked.includes(' ')) return undefined
    const same = names.flatMap((name, row) => (`${asked} `.startsWith(`${name} `) ? [row] : []))
    return same.length === 1 ? same[0] : undefined
  })
  return found.some((row) => row !== undefined) ? found : null
}

/**
 * Where a block of a spreadsheet would land: its first cell on the first one chosen, down and right over what is in
 * sight; by name where its first column names pupils. One value over several chosen cells goes into each of them.
 */
export function land(grid: Grid, text: string, chosen: Place[]): Landing {
  const lines = block(text)
  const first = chosen[0]!
  const alone = lines.length === 1 && lines[0]!.length === 1
  const found: Landing = { changes: [], replaced: [], faults: [] }
  if (alone) {
    for (const place of chosen) put(grid, found, place, lines[0]![0]!)
    return found
  }
  const named = byNames(grid, lines)
  const rows = named ? [] : after(grid, 'row', first.row)
  const cols = after(grid, 'col', first.col)
  lines.forEach((line, down) => line.slice(named ? 1 : 0).forEach((typed, right) => {
    const row = named ? named[down] : rows[down]
    const col = cols[right]
    if (row !== undefined && col !== undefined) return put(grid, found, { row, col }, typed)
    if (!typed.trim()) return
    const number = grid.text('pasteLine', { line: down + 1 })
    const where = row === undefined ? (named ? line[0]!.trim() : number) : grid.pupil({ row, col: 0 }).name
    const why = row !== undefined ? 'pasteBeside' : named ? 'pasteNobody' : 'pasteBelow'
    found.faults.push({ place: null, where, typed, why: grid.text(why) })
  }))
  return found
}

function after(grid: Grid, axis: 'row' | 'col', from: number): number[] {
  const found: number[] = []
  const size = axis === 'row' ? grid.height : grid.width
  for (let at = from; at < size;) {
    const seen = grid.seek(axis, at, at)
    if (seen === null) break
    found.push(seen)
    at = seen + 1
  }
  return found
}

function put(grid: Grid, found: Landing, place: Place, typed: string): void {
  const cell = grid.cell(place)
  const lock = grid.lockOf(place)
  const read = parse(typed, grid.column(place))
  const fault = (why: string) => {
    if (typed.trim()) found.faults.push({ place, where: grid.nameOf(place), typed: typed.trim(), why })
  }
  if (lock) return grid.label(place) === typed.trim() ? undefined : fault(lock)
  if (!read.ok) return fault(grid.fault(place, read.reason))
  const { points, absence } = read.value
  const differs = (points !== undefined && points !== cell.points) || (absence !== undefined && absence !== cell.absence)
  if (!differs) return
  if (grid.label(place)) found.replaced.push({ place, typed: typed.trim() })
  found.changes.push({ place, value: read.value })
}

const MOST_LINES = 60

/** Say cell by cell what does not fit and what would be replaced, before anything is written. */
export function ask(grid: Grid, landing: Landing, write: () => void, back: () => void): void {
  const { box, body } = dialog(grid, grid.text('pasteTitle'))
  const say = (tag: 'p' | 'h3', text: string) => body.append(el(tag, '', text))
  const list = (lines: string[]) => {
    const made = el('ul', 'jg-landing')
    made.append(...lines.slice(0, MOST_LINES).map((line) => el('li', '', line)))
    body.append(made)
    if (lines.length > MOST_LINES) say('p', grid.text('pasteMore', { count: lines.length - MOST_LINES }))
  }
  if (landing.faults.length) {
    say('h3', grid.text('pasteFaults', { count: landing.faults.length }))
    list(landing.faults.map(({ where, typed, why }) => grid.text('pasteFault', { cell: where, typed, why })))
  }
  if (landing.replaced.length) {
    say('h3', grid.text('pasteReplaced', { count: landing.replaced.length }))
    list(landing.replaced.map(({ place, typed }) =>
      grid.text('pasteReplace', { cell: grid.nameOf(place), old: grid.label(place), new: typed || grid.text('empty') })))
  }
  const go = el('div', 'dialog-foot')
  const key = (text: string, look: string, act: () => void) => {
    const made = button(text, () => {
      act()
      box.close()
    }, look)
    go.append(made)
    return made
  }
  if (landing.changes.length) key(grid.text('pasteWrite', { count: landing.changes.length }), 'btn btn-primary', write).autofocus = true
  key(grid.text('pasteNothing'), 'btn btn-default', () => undefined)
  box.append(go)
  box.addEventListener('close', back)
  go.querySelector('button')?.focus()
}
