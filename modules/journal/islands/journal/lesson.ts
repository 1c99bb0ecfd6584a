import { AbsentSheet } from './absent'
import { PATIENCE_FOR_POINTS } from './entry'
import type { Grid, Place } from './grid'
import { least, takesAbsence } from './parse'
import { button } from './strip'

/** The phone: one lesson, a list of pupils, and a keypad of what may be written here. */
export class LessonView {
  readonly root = document.createElement('div')
  private readonly list = document.createElement('ol')
  private readonly pad = document.createElement('div')
  private readonly choice = document.createElement('select')
  private readonly count = document.createElement('span')
  private readonly rows: HTMLButtonElement[] = []
  private row = 0
  private typed = ''
  private timer: ReturnType<typeof setTimeout> | undefined
  private built = false
  private readonly turn: HTMLButtonElement
  private readonly sheet: AbsentSheet
  private byAbsence = false

  constructor(
    private readonly grid: Grid,
    private col: number,
    private readonly stands: (col: number) => void,
    private readonly comment: (place: Place) => void,
    say: (text: string) => void,
  ) {
    this.turn = button('', () => this.showSheet(!this.byAbsence))
    this.sheet = new AbsentSheet(grid, (count) => {
      this.showSheet(false)
      say(grid.text('absentSaved', { count, total: grid.height }))
    })
    this.root.className = 'jg-lesson'
    this.root.hidden = true
    grid.onChange((place) => {
      if (!this.root.hidden) this.draw(place)
    })
  }

  show(on: boolean): void {
    this.root.hidden = !on
    if (!on) return
    if (!this.built) this.build()
    this.draw(null)
    this.keypad()
  }

  private build(): void {
    this.built = true
    const head = document.createElement('div')
    head.className = 'jg-lesson-head'
    this.choice.setAttribute('aria-label', this.grid.text('lesson'))
    this.choice.className = 'form-select'
    this.grid.props.columns.forEach((column, index) => {
      this.choice.add(new Option(column.label, String(index), index === this.col, index === this.col))
    })
    this.choice.addEventListener('change', () => {
      this.finish()
      this.col = Number(this.choice.value)
      this.stands(this.col)
      this.pick(0)
      this.keypad()
      this.draw(null)
      this.showSheet(this.byAbsence)
    })
    head.append(this.choice, this.count, this.turn)
    this.list.className = 'jg-pupils'
    this.grid.props.pupils.forEach((pupil, row) => {
      const item = document.createElement('li')
      const one = document.createElement('button')
      one.type = 'button'
      const name = document.createElement('span')
      const number = document.createElement('span')
      number.className = 'jg-number'
      number.textContent = String(row + 1)
      name.append(number, pupil.name)
      if (pupil.note) {
        const note = document.createElement('small')
        note.textContent = pupil.note
        name.append(note)
      }
      const value = document.createElement('span')
      value.className = 'jg-value'
      one.append(name, value)
      one.addEventListener('click', () => this.pick(row))
      item.append(one)
      this.rows.push(one)
      this.list.append(item)
    })
    this.pad.className = 'jg-pad'
    this.pad.setAttribute('role', 'group')
    this.pad.setAttribute('aria-label', this.grid.text('keypad'))
    this.root.append(head, this.list, this.pad, this.sheet.root)
    this.showSheet(false)
  }

  /** Names to tap for who is absent, or marks one by one. */
  private showSheet(on: boolean): void {
    this.finish()
    const col = AbsentSheet.columnAt(this.grid, this.col)
    this.byAbsence = on && col !== null
    this.turn.hidden = col === null
    this.turn.textContent = this.grid.text(this.byAbsence ? 'marksView' : 'whoIsAbsent')
    this.sheet.root.hidden = !this.byAbsence
    this.list.hidden = this.pad.hidden = this.byAbsence
    if (this.byAbsence) this.sheet.open(col!)
  }

  private get place(): Place {
    return { row: this.row, col: this.col }
  }

  private pick(row: number): void {
    this.commit()
    const takes = this.grid.column(this.place).points
    this.row = Math.max(0, Math.min(this.grid.height - 1, row))
    if (this.grid.column(this.place).points !== takes) this.keypad()
    this.draw(null)
    this.rows[this.row]?.scrollIntoView({ block: 'nearest' })
  }

  /** Small marks are one tap and on to the next pupil; points of a summative work are typed with digits. */
  private keypad(): void {
    const column = this.grid.column(this.place)
    const keys: HTMLElement[] = []
    const lock = this.grid.lockOf(this.place)
    if (column.locked) {
      const why = document.createElement('p')
      why.textContent = lock
      this.pad.replaceChildren(why)
      return
    }
    const key = (text: string, act: () => void, label = '') => {
      const made = button(text, act, 'jg-key')
      if (label) made.setAttribute('aria-label', label)
      keys.push(made)
      return made
    }
    const max = column.max ?? 10
    if (column.points === false) {
      // A journal or a pupil without marks: only who is absent, and words.
    } else if (max <= 10) {
      for (let points = least(column); points <= max; points++) key(String(points), () => this.put(String(points), true))
    } else {
      for (const digit of '1234567890') key(digit, () => this.digit(digit))
    }
    if (takesAbsence(column)) {
      for (const one of this.grid.props.absence) {
        key(one.letter, () => this.put(one.letter, true), one.label).classList.add('jg-key-absence')
      }
    }
    if (column.kind !== 'period') key('✎', () => this.comment(this.place), this.grid.text('comment'))
    key('⌫', () => this.put('', false), this.grid.text('clear'))
    key('↓', () => this.pick(this.row + 1), this.grid.text('next'))
    // Rows of at most six keys, as long as each other; the last key takes what is left of its row.
    const rows = Math.ceil(keys.length / 6)
    const inRow = Math.ceil(keys.length / rows)
    this.pad.style.setProperty('--jg-keys', String(inRow))
    this.pad.style.setProperty('--jg-last', String(1 + rows * inRow - keys.length))
    this.pad.replaceChildren(...keys)
  }

  private digit(digit: string): void {
    clearTimeout(this.timer)
    this.typed = (this.typed + digit).slice(0, 3)
    this.draw(this.place)
    this.timer = setTimeout(() => this.finish(), PATIENCE_FOR_POINTS)
  }

  /** Let what was typed count now: the page may be left without a tap on the next pupil. */
  finish(): void {
    this.commit()
    if (!this.built) return
    if (this.byAbsence) this.sheet.finish()
    if (!this.root.hidden) this.draw(this.place)
  }

  private put(text: string, next: boolean): void {
    this.typed = ''
    this.grid.enter(this.place, text)
    const taken = this.grid.cell(this.place).state !== 'refused'
    if (next && taken) this.pick(this.row + 1)
  }

  private commit(): void {
    clearTimeout(this.timer)
    if (!this.typed) return
    const typed = this.typed
    this.typed = ''
    this.grid.enter(this.place, typed)
  }

  private draw(only: Place | null): void {
    if (this.byAbsence) this.sheet.draw()
    let filled = 0
    this.rows.forEach((one, row) => {
      const place = { row, col: this.col }
      const cell = this.grid.cell(place)
      if (cell.points !== null || cell.absence !== null) filled++
      const active = row === this.row
      if (only && only.row !== row && one.getAttribute('aria-current') === (active ? 'true' : null)) return
      const value = one.querySelector('.jg-value')!
      const text = active && this.typed ? this.typed : cell.state === 'refused' ? (cell.typed ?? '') : this.grid.label(place)
      const sign = { '': '', queued: ' •', conflict: ' ≠', refused: ' !' }[cell.state]
      value.textContent = (this.grid.isNoted(place) ? '✎ ' : '') + text + sign
      value.setAttribute('title', cell.reason ?? '')
      one.dataset.state = cell.state
      if (active) one.setAttribute('aria-current', 'true')
      else one.removeAttribute('aria-current')
    })
    this.count.textContent = this.grid.text('filledOf', { done: filled, total: this.rows.length })
  }
}
