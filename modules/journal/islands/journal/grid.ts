import { newId } from './ids'
import { parse, show, takesAbsence, type Fault } from './parse'
import type { CellValue, Column, Field, Kept, Operation, Props, Pupil, Result, Value, Voice } from './types'
import type { Queue } from './queue'
import type { Past, PastStep } from './steps'

export interface Place { row: number; col: number }

/** What the page knows of one cell; read from the table when it is first needed. */
export interface Cell extends CellValue {
  v: number
  av: number
  cv: number
  state: '' | 'queued' | 'conflict' | 'refused'
  /** What was typed and not taken, kept until it is mended. */
  typed?: string
  reason?: string
}

/** `place` is null when the cell is not on this page any more. */
interface Step extends PastStep { place: Place | null }
/** What one undo takes back: the fields that changed, and the cells that kept a refused text. */
interface Change { steps: Step[]; refused: Place[] }

/** What an undo did: where, and the cells that were left because they are not as that step had made them. */
export interface Turned { place: Place | null; left: (Place | null)[] }

const UNDO_STEPS = 50
const FIELDS = ['points', 'absence', 'comment'] as const
const MARKS: Record<Cell['state'], string> = { '': '', queued: '•', conflict: '≠', refused: '!' }

const versionOf = (cell: Cell, field: Field) => ({ points: cell.v, absence: cell.av, comment: cell.cv })[field]

/** The table and what it means: cells, changes, undo. Knows nothing of keys. */
export class Grid {
  queue!: Queue
  private readonly cells = new Map<HTMLTableCellElement, Cell>()
  private readonly rows: HTMLTableRowElement[]
  private readonly colOf = new Map<string, number>()
  private readonly rowOf = new Map<string, number>()
  private undone: Change[] = []
  private done: Change[] = []
  private listeners: ((place: Place | null) => void)[] = []
  private readonly comments = new Map<string, { version: number; text: string }>()
  private readonly voices = new Map<string, Voice>()
  private readonly hiddenCols = new Set<number>()
  /** Where the steps that can be undone are kept. */
  keep: (past: Past) => void = () => undefined

  constructor(readonly table: HTMLTableElement, readonly props: Props) {
    this.rows = [...table.tBodies[0]!.rows]
    props.columns.forEach((column, index) => this.colOf.set(`${column.kind}:${column.lesson}`, index))
    props.pupils.forEach((pupil, index) => this.rowOf.set(pupil.id, index))
    for (const [lesson, pupil, kind, version, text] of props.comments ?? []) {
      this.comments.set(`${kind}:${lesson}:${pupil}`, { version, text })
      const place = this.placeOfOperation({ lesson, pupil, kind })
      if (place) this.paint(place)
    }
    for (const [lesson, pupil, kind, id, seconds] of props.voices ?? []) {
      const place = this.placeOfOperation({ lesson, pupil, kind })
      if (place) this.setVoice(place, { id, seconds })
    }
  }

  get height(): number {
    return this.rows.length
  }
  get width(): number {
    return this.props.columns.length
  }
  text(key: string, values: Record<string, string | number> = {}): string {
    return (this.props.strings[key] ?? key).replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
  }
  onChange(listener: (place: Place | null) => void): void {
    this.listeners.push(listener)
  }
  changed(place: Place | null): void {
    for (const listener of this.listeners) listener(place)
  }

  td({ row, col }: Place): HTMLTableCellElement | undefined {
    return this.rows[row]?.cells[col + 1]
  }
  placeOf(td: HTMLTableCellElement): Place | null {
    const row = this.rows.indexOf(td.parentElement as HTMLTableRowElement)
    const col = td.cellIndex - 1
    return row >= 0 && col >= 0 && col < this.width ? { row, col } : null
  }
  placeOfOperation(operation: Pick<Operation, 'lesson' | 'pupil' | 'kind'>): Place | null {
    const row = this.rowOf.get(operation.pupil)
    const col = this.colOf.get(`${operation.kind}:${operation.lesson}`)
    return row === undefined || col === undefined ? null : { row, col }
  }

  /** Show these columns and rows and no others; the mark of the period always stays. */
  show(cols: (col: number) => boolean, rows: (row: number) => boolean): void {
    this.hiddenCols.clear()
    this.props.columns.forEach((column, col) => {
      if (column.kind !== 'period' && !cols(col)) this.hiddenCols.add(col)
    })
    const head = this.table.tHead?.rows[this.table.tHead.rows.length - 1]
    for (const line of head ? [head, ...this.rows] : this.rows) {
      for (let col = 0; col < this.width; col++) line.cells[col + 1]!.hidden = this.hiddenCols.has(col)
    }
    this.rows.forEach((line, row) => { line.hidden = !rows(row) })
  }
  isShown({ row, col }: Place): boolean {
    return !this.hiddenCols.has(col) && this.rows[row]?.hidden === false
  }
  /** The nearest row or column in sight, looked for in the direction of the move first; null when none is there. */
  seek(axis: 'row' | 'col', from: number, to: number): number | null {
    const size = axis === 'row' ? this.height : this.width
    const seen = (at: number) => (axis === 'row' ? !this.rows[at]!.hidden : !this.hiddenCols.has(at))
    const step = to < from ? -1 : 1
    for (let at = Math.max(0, Math.min(size - 1, to)); at >= 0 && at < size; at += step) if (seen(at)) return at
    return null
  }
  /** The column as it is for the pupil: a cell of its own may take no points, and says why. */
  column(place: Place): Column {
    const column = this.props.columns[place.col]!
    return this.td(place)?.dataset.noPoints ? { ...column, points: false } : column
  }
  pupil(place: Place): Pupil {
    return this.props.pupils[place.row]!
  }

  cell(place: Place): Cell {
    const td = this.td(place)!
    let cell = this.cells.get(td)
    if (!cell) {
      const said = this.comments.get(this.key(place))
      const read = parse(td.textContent ?? '', { kind: 'sor', max: null, min: 0, absence: true })
      cell = {
        points: read.ok ? (read.value.points ?? null) : null,
        absence: read.ok ? (read.value.absence ?? null) : null,
        v: Number(td.dataset.v ?? td.dataset.version ?? 0),
        av: Number(td.dataset.av ?? 0),
        comment: said?.text ?? null,
        cv: said?.version ?? 0,
        state: '',
      }
      this.cells.set(td, cell)
    }
    return cell
  }
  private key(place: Place): string {
    const { kind, lesson } = this.column(place)
    return `${kind}:${lesson}:${this.pupil(place).id}`
  }
  /** What was said of the cell and recorded. */
  voice(place: Place): Voice | undefined {
    return this.voices.get(this.key(place))
  }
  setVoice(place: Place, voice: Voice | null): void {
    if (voice) this.voices.set(this.key(place), voice)
    else this.voices.delete(this.key(place))
    this.paint(place)
    this.changed(place)
  }
  /** Whether something is said beside the cell, in words or by voice. */
  isNoted(place: Place): boolean {
    return this.cell(place).comment !== null || this.voice(place) !== undefined
  }
  label(place: Place): string {
    return show(this.cell(place), this.props.absence)
  }

  /** Why the cell takes nothing, or an empty string. */
  lockOf(place: Place): string {
    return this.column(place).locked || (this.td(place)?.dataset.locked ?? '')
  }

  /** Why the cell does not take what was read. */
  fault(place: Place, reason: Fault): string {
    const column = this.column(place)
    const own = reason === 'noPoints' ? this.td(place)?.dataset.noPoints : undefined
    return own ?? this.text(reason, { max: column.max ?? '', min: column.min ?? '' })
  }

  /** Take what was typed: apply and queue it, or keep it in the cell with the reason why not. */
  enter(place: Place, typed: string): boolean {
    const column = this.column(place)
    const lock = this.lockOf(place)
    if (lock) return this.refuse(place, typed, lock)
    const parsed = parse(typed, column)
    if (!parsed.ok) return this.refuse(place, typed, this.fault(place, parsed.reason))
    this.apply([{ place, value: parsed.value }])
    return true
  }

  /** What a text would mean in this cell; null where it would be refused. */
  read(place: Place, typed: string): Partial<CellValue> | null {
    if (this.lockOf(place)) return null
    const parsed = parse(typed, this.column(place))
    return parsed.ok ? parsed.value : null
  }

  refuse(place: Place, typed: string, reason: string): boolean {
    const cell = this.cell(place)
    cell.state = 'refused'
    cell.typed = typed
    cell.reason = reason
    this.paint(place)
    this.changed(place)
    return false
  }

  /** Change cells as one step that one undo takes back, with the cells that keep a refused text because of it. */
  apply(changes: { place: Place; value: Partial<CellValue> }[], refused: Place[] = []): void {
    const steps: Step[] = []
    for (const { place, value } of changes) {
      const cell = this.cell(place)
      const wasRefused = cell.state === 'refused'
      if (wasRefused) this.settle(place, value.comment !== undefined)
      const { lesson, kind } = this.column(place)
      for (const field of FIELDS) {
        const to = value[field]
        if (to === undefined || to === cell[field]) continue
        if (field === 'absence' && !takesAbsence(this.column(place))) continue
        steps.push({ place, lesson, kind, pupil: this.pupil(place).id, field, from: cell[field], to })
      }
      if (wasRefused) this.paint(place)
    }
    if (steps.length === 0 && refused.length === 0) {
      for (const { place } of changes) this.paint(place) // what was typed says what stood there already
      return
    }
    this.done.push({ steps, refused })
    if (this.done.length > UNDO_STEPS) this.done.shift()
    this.undone = []
    for (const step of steps) this.write(step)
    this.keep(this.past())
  }

  undo(): Turned | null {
    return this.turnBack(this.done, this.undone)
  }
  redo(): Turned | null {
    return this.turnBack(this.undone, this.done)
  }
  /** Take a step back where the cell is still as the step had made it; what changed since is left. */
  private turnBack(from: Change[], to: Change[]): Turned | null {
    const change = from.pop()
    if (!change) return null
    const back: Step[] = []
    const left: (Place | null)[] = []
    for (const step of [...change.steps].reverse()) {
      if (this.stands(step)) back.push({ ...step, from: step.to, to: step.from })
      else left.push(step.place)
    }
    if (back.length) to.push({ steps: back, refused: [] })
    for (const step of back) this.write(step)
    for (const place of change.refused) this.settle(place)
    this.keep(this.past())
    return { place: back[0]?.place ?? change.refused[0] ?? left[0] ?? null, left }
  }
  private stands({ place, field, to }: Step): boolean {
    if (!place || this.lockOf(place)) return false
    const cell = this.cell(place)
    return cell.state !== 'conflict' && cell[field] === to
  }

  private past(): Past {
    const plain = (changes: Change[]) =>
      changes.filter((one) => one.steps.length).map((one) => one.steps.map(({ place: _place, ...step }) => step))
    return { done: plain(this.done), undone: plain(this.undone) }
  }
  /** Take up the steps of an earlier visit; what was done since the page came stands above them. */
  recall(past: Past): void {
    const changes = (kept: PastStep[][]) =>
      kept.map((steps) => ({ steps: steps.map((step) => ({ ...step, place: this.placeOfOperation(step) })), refused: [] }))
    if (this.done.length === 0) this.undone = [...changes(past.undone), ...this.undone]
    this.done = [...changes(past.done), ...this.done].slice(-UNDO_STEPS)
  }

  /** One field, at once on the screen and into the queue. */
  private write({ place, lesson, pupil, kind, field, from, to }: Step): void {
    if (!place) return
    const cell = this.cell(place)
    this.set(cell, field, to)
    if (cell.state !== 'refused' || field !== 'comment') {
      // A comment leaves the refused text of its cell alone.
      cell.state = 'queued'
      delete cell.typed
      delete cell.reason
    }
    const version = versionOf(cell, field)
    this.queue.add({ id: newId(), lesson, pupil, kind, field, old: from, new: to, version, at: new Date().toISOString() }, this.nameOf(place))
    this.paint(place)
    this.changed(place)
  }

  /** Forget the refused text of a cell, here and on the device; refused words of a comment only when they are mended. */
  settle(place: Place, comment = false): void {
    const cell = this.cell(place)
    if (cell.state !== 'refused') return
    let left = false
    for (const one of this.queue.refused) {
      const other = this.placeOfOperation(one)
      if (other?.row !== place.row || other.col !== place.col) continue
      if ((one.field === 'comment') === comment) this.queue.drop(one.id)
      else left = true
    }
    if (!comment) delete cell.typed
    if (!left && cell.typed === undefined) {
      cell.state = ''
      delete cell.reason
    }
    this.paint(place)
    this.changed(place)
  }

  /** What an earlier visit left on the device appears in its cells again. */
  restore(kept: Kept[]): void {
    for (const one of kept) if (one.state === 'done') this.catchUp(one)
    for (const one of kept) {
      const place = this.placeOfOperation(one)
      if (!place || one.state === 'done') continue
      const cell = this.cell(place)
      if (one.state === 'queued') this.set(cell, one.field, one.new)
      cell.state = one.state
      if (one.state === 'refused') {
        if (one.field !== 'comment') cell.typed = this.textOf(one.new)
        cell.reason = one.result?.message ?? this.text('refused')
      }
      this.paint(place)
    }
  }

  /** The server took it and the page is a copy from before: the page follows. A page as new as that needs it no more. */
  private catchUp(done: Kept): void {
    const place = this.placeOfOperation(done)
    if (!place || !done.result) return
    const cell = this.cell(place)
    const { version = 0, value = null, summary } = done.result
    if (version <= versionOf(cell, done.field)) return this.queue.drop(done.id)
    this.set(cell, done.field, value)
    this.setVersion(cell, done.field, version)
    if (summary) this.summary(place.row, summary)
    this.paint(place)
  }

  private setVersion(cell: Cell, field: Field, version: number): void {
    if (field === 'points') cell.v = version
    else if (field === 'absence') cell.av = version
    else cell.cv = version
  }

  /** The server's answer to an operation. */
  answered(kept: Kept, result: Result): void {
    const place = this.placeOfOperation(kept)
    if (!place) return
    const cell = this.cell(place)
    const more = this.queue.has(kept.field, kept.lesson, kept.pupil, kept.kind)
    if (result.version !== undefined) this.setVersion(cell, kept.field, result.version)
    if (result.status === 'ok') {
      if (!more) {
        if (result.value !== undefined) this.set(cell, kept.field, result.value)
        if (cell.state === 'queued') cell.state = ''
      }
      if (result.summary) this.summary(place.row, result.summary)
    } else if (!more) {
      // The server's value is shown; ours stays in the strip or in the cell until a person decides.
      this.set(cell, kept.field, result.value !== undefined ? result.value : kept.old)
      if (result.status === 'conflict') cell.state = 'conflict'
      else {
        cell.state = 'refused'
        if (kept.field !== 'comment') cell.typed = this.textOf(kept.new)
        cell.reason = result.message ?? this.text(result.status)
      }
    }
    this.paint(place)
    this.changed(place)
  }

  /** A conflict decided: mine goes out again from their version, theirs just stays. */
  decide(kept: Kept, mine: boolean): void {
    const place = this.placeOfOperation(kept)
    this.queue.drop(kept.id)
    if (!place) {
      // Its cell is on the page of another period.
      const { scope: _scope, state: _state, tried: _tried, result, name, ...operation } = kept
      const { value = null, version = 0 } = result ?? {}
      if (mine) this.queue.add({ ...operation, id: newId(), old: value, version, at: new Date().toISOString() }, name)
      return
    }
    const cell = this.cell(place)
    const left = this.queue.conflicts.some((one) => {
      const other = this.placeOfOperation(one)
      return other?.row === place.row && other.col === place.col
    })
    cell.state = left ? 'conflict' : ''
    this.paint(place)
    if (mine) this.apply([{ place, value: { [kept.field]: kept.new } as Partial<CellValue> }])
    else this.changed(place)
  }

  /** What the server did not take is put aside by the person who wrote it. */
  forget(kept: Kept): void {
    const place = this.placeOfOperation(kept)
    this.queue.drop(kept.id)
    if (!place) return
    const same = (one: Kept) => {
      const other = this.placeOfOperation(one)
      return other?.row === place.row && other.col === place.col
    }
    if (this.queue.refused.some(same)) this.changed(place)
    else this.settle(place, kept.field === 'comment')
  }

  textOf(value: Value, field: Field = 'absence'): string {
    if (value === null) return ''
    if (typeof value === 'number' || field === 'comment') return String(value)
    return this.props.absence.find((one) => one.code === value)?.letter ?? ''
  }
  /** How a cell is named to a person. */
  nameOf(place: Place): string {
    return `${this.pupil(place).name}, ${this.column(place).label}`
  }
  /** Words that the server did not take; they wait here until they are mended. */
  refusedComment(place: Place): string | null {
    const { lesson, kind } = this.column(place)
    const { id } = this.pupil(place)
    const one = this.queue.refused.find((kept) => kept.field === 'comment' && kept.lesson === lesson && kept.kind === kind && kept.pupil === id)
    return one ? this.textOf(one.new, 'comment') : null
  }

  private set(cell: Cell, field: Field, value: Value): void {
    if (field === 'points') cell.points = value as number | null
    else if (field === 'absence') cell.absence = value as CellValue['absence']
    else cell.comment = value as string | null
  }

  private summary(row: number, values: Record<string, string | number | null>): void {
    for (const td of this.rows[row]?.querySelectorAll<HTMLTableCellElement>('td[data-summary]') ?? []) {
      const value = values[td.dataset.summary ?? '']
      if (value === undefined) continue
      td.textContent = value === null ? '' : String(value)
    }
  }

  /** Draw a cell: its text, and a sign beside the colour. */
  paint(place: Place): void {
    const td = this.td(place)
    if (!td || td.querySelector('input')) return
    const cell = this.cell(place)
    const text = cell.state === 'refused' ? (cell.typed ?? this.label(place)) : this.label(place)
    td.textContent = text
    const isNoted = this.isNoted(place)
    if (isNoted || td.classList.contains('jg-noted')) {
      td.classList.toggle('jg-noted', isNoted)
      if (cell.comment === null) td.removeAttribute('title')
      else td.title = cell.comment
    }
    td.classList.remove('jg-typing', 'jg-queued', 'jg-conflict', 'jg-refused')
    if (cell.state) td.classList.add(`jg-${cell.state}`)
    if (cell.state === 'refused') td.setAttribute('aria-invalid', 'true')
    else td.removeAttribute('aria-invalid')
    if (cell.state) {
      const sign = document.createElement('sup')
      sign.textContent = MARKS[cell.state]
      sign.title = cell.reason ?? this.text(cell.state)
      td.append(sign)
    }
  }
}
