import type { Grid } from './grid'
import { takesAbsence } from './parse'
import { button } from './strip'
import type { Absence } from './types'

/** A tap says absent; the next ones say why, and after the last reason the pupil is here again. */
const TURN: (Absence | null)[] = [null, 'unexcused', 'ill', 'excused', 'late']

/** Who is absent: names under a thumb, everyone not tapped is here, one press writes them all. */
export class AbsentSheet {
  readonly root = document.createElement('div')
  private readonly chosen = new Map<number, Absence | null>()
  private readonly tiles: HTMLButtonElement[] = []
  private readonly go: HTMLButtonElement
  private col = 0

  constructor(private readonly grid: Grid, private readonly done: (count: number) => void) {
    this.root.className = 'jg-absent'
    const hint = document.createElement('p')
    hint.className = 'muted'
    hint.textContent = grid.text('absentHint')
    const list = document.createElement('ul')
    grid.props.pupils.forEach((pupil, row) => {
      const item = document.createElement('li')
      const tile = button('', () => this.tap(row), 'jg-tile')
      const name = document.createElement('span')
      name.textContent = pupil.name
      const why = document.createElement('small')
      tile.append(name, why)
      item.append(tile)
      this.tiles.push(tile)
      list.append(item)
    })
    const foot = document.createElement('div')
    foot.className = 'jg-absent-go'
    this.go = button('', () => this.save(), 'btn btn-primary')
    foot.append(this.go)
    this.root.append(hint, list, foot)
  }

  /** The column of the lesson that takes absences, also when one stands at its СОР or СОЧ; null where none is open. */
  static columnAt(grid: Grid, col: number): number | null {
    const { columns } = grid.props
    const found = columns.findIndex((one) => one.lesson === columns[col]?.lesson && !one.locked && takesAbsence(one))
    return found < 0 ? null : found
  }

  open(col: number): void {
    this.col = col
    this.chosen.clear()
    this.draw()
  }

  private at(row: number): Absence | null {
    const chosen = this.chosen.get(row)
    return chosen === undefined ? this.grid.cell({ row, col: this.col }).absence : chosen
  }

  private tap(row: number): void {
    if (this.grid.lockOf({ row, col: this.col })) return
    const next = TURN[(TURN.indexOf(this.at(row)) + 1) % TURN.length]!
    this.chosen.set(row, next ?? null)
    this.draw()
  }

  private changes() {
    return [...this.chosen]
      .map(([row, absence]) => ({ place: { row, col: this.col }, value: { absence } }))
      .filter(({ place, value }) => this.grid.cell(place).absence !== value.absence)
  }

  /** Let what was tapped count: one step, one message to the server. */
  finish(): void {
    const changes = this.changes()
    this.chosen.clear()
    if (changes.length) this.grid.apply(changes)
  }

  private save(): void {
    this.finish()
    this.done(this.tiles.filter((_, row) => this.isAway(row)).length)
  }

  private isAway(row: number): boolean {
    const absence = this.at(row)
    return absence !== null && absence !== 'late'
  }

  draw(): void {
    let away = 0
    this.tiles.forEach((tile, row) => {
      const place = { row, col: this.col }
      const absence = this.at(row)
      const lock = this.grid.lockOf(place)
      if (this.isAway(row)) away++
      tile.dataset.absence = absence ?? ''
      tile.disabled = lock !== ''
      tile.setAttribute('aria-pressed', String(absence !== null))
      const mark = this.grid.cell(place).points
      const said = this.grid.props.absence.find((one) => one.code === absence)?.label ?? ''
      tile.querySelector('small')!.textContent = lock || said || (mark === null ? '' : this.grid.text('hasMark', { mark }))
    })
    this.go.textContent = this.grid.text(away ? 'saveAbsent' : 'saveAllHere', { count: away, total: this.tiles.length })
  }
}
