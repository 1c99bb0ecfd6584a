import type { Grid, Place } from './grid'
import { least, stroke } from './parse'
import { ask, land } from './paste'

const PATIENCE = 600 // "1" may still become "10"
export const PATIENCE_FOR_POINTS = 1500 // most points have two digits; who types Enter or an arrow waits for nothing

export interface Desk {
  openKeys(): void
  openHistory(place: Place): void
  openComment(place: Place): void
  openNeeded(place: Place): void
  openMenu(place: Place, at: { x: number; y: number }): void
  say(text: string): void
  /** The person stands on another cell. */
  stands(place: Place): void
}

/** Keys, mouse and clipboard on the table: one listener of each kind, one Tab stop. */
export class Entry {
  active: Place = { row: 0, col: 0 }
  private anchor: Place | null = null
  private typed = ''
  private timer: ReturnType<typeof setTimeout> | undefined
  private leaving = false
  private closing = false
  private dragging = false

  /** `today`: the column where Tab comes in. */
  constructor(private readonly grid: Grid, private readonly desk: Desk, today: number) {
    const { table } = grid
    const first = table.querySelector<HTMLTableCellElement>('td[tabindex="0"]')
    const start = (first && grid.placeOf(first)) ?? { row: 0, col: today }
    this.active = start
    const cell = grid.td(start)
    if (cell) cell.tabIndex = 0
    table.addEventListener('keydown', (event) => this.key(event))
    table.addEventListener('mousedown', (event) => this.press(event))
    table.addEventListener('mouseover', (event) => this.drag(event))
    document.addEventListener('mouseup', () => { this.dragging = false })
    table.addEventListener('contextmenu', (event) => this.menu(event))
    table.addEventListener('dblclick', () => this.edit())
    table.addEventListener('focusout', (event) => this.left(event))
    table.addEventListener('copy', (event) => this.copy(event))
    table.addEventListener('paste', (event) => this.paste(event))
    window.addEventListener('pagehide', () => this.finish())
  }

  /** Go to the cell, or to the nearest one in sight. Without `focus` the person stays where she is on the page. */
  move(to: Place, extend = false, focus = true): void {
    this.finish()
    const seek = (axis: 'row' | 'col') =>
      this.grid.seek(axis, this.active[axis], to[axis]) ?? this.grid.seek(axis, to[axis], this.active[axis])
    const row = seek('row')
    const col = seek('col')
    if (row === null || col === null) return
    const before = this.grid.td(this.active)
    const next = this.grid.td({ row, col })
    if (!next) return
    if (extend) this.anchor ??= this.active
    else this.unselect()
    before?.removeAttribute('tabindex')
    this.active = { row, col }
    next.tabIndex = 0
    if (!focus) return
    // A browser's own scrolling leaves the cell under the columns that stay in sight.
    next.focus({ preventScroll: true })
    next.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    if (extend) this.select()
    this.desk.stands(this.active)
  }

  private key(event: KeyboardEvent): void {
    const editing = event.target instanceof HTMLInputElement
    if (event.isComposing || event.defaultPrevented) return
    const { row, col } = this.active
    const mod = event.ctrlKey || event.metaKey
    const take = () => event.preventDefault()
    if (event.key !== 'Tab') this.leaving = false
    switch (event.key) {
      case 'Enter':
        take()
        return this.move({ row: row + (event.shiftKey ? -1 : 1), col })
      case 'Tab': {
        const there = col + (event.shiftKey ? -1 : 1)
        const next = there < 0 || there >= this.grid.width ? null : this.grid.seek('col', col, there)
        if (this.leaving || next === null) return this.finish() // the browser goes on
        take()
        return this.move({ row, col: next })
      }
      case 'Escape':
        take()
        this.leaving = true
        return this.cancel()
      case 'ArrowUp':
        take()
        return this.move({ row: row - 1, col }, event.shiftKey)
      case 'ArrowDown':
        take()
        return this.move({ row: row + 1, col }, event.shiftKey)
      case 'ArrowLeft':
      case 'ArrowRight':
        if (editing) return
        take()
        return this.move({ row, col: col + (event.key === 'ArrowLeft' ? -1 : 1) }, event.shiftKey)
      case 'Home':
        if (editing) return
        take()
        return this.move({ row: mod ? 0 : row, col: 0 }, event.shiftKey)
      case 'End':
        if (editing) return
        take()
        return this.move({ row: mod ? this.grid.height - 1 : row, col: this.grid.width - 1 }, event.shiftKey)
      case 'PageUp':
        take()
        return this.move({ row: row - 10, col })
      case 'PageDown':
        take()
        return this.move({ row: row + 10, col })
      case 'F2':
        take()
        return this.edit()
    }
    if (editing) return
    if (event.key === 'Delete' || event.key === 'Backspace') {
      take()
      if (event.key === 'Backspace' && this.typed) return this.type(this.typed.slice(0, -1))
      return this.clear()
    }
    if (mod && event.code === 'KeyZ') {
      take()
      return this.turnBack(event.shiftKey)
    }
    if (mod && event.code === 'KeyY') {
      take()
      return this.turnBack(true)
    }
    if (mod && event.code === 'KeyD') {
      take()
      return this.fillDown()
    }
    if (event.altKey && event.code === 'KeyC') {
      take()
      this.finish()
      return this.desk.openHistory(this.active)
    }
    if (event.altKey && event.code === 'KeyN') {
      take()
      this.finish()
      return this.desk.openNeeded(this.active)
    }
    if (event.key === ' ' && !mod && !event.altKey) {
      take()
      this.finish()
      return this.desk.openComment(this.active)
    }
    if (event.key === '?' || (event.shiftKey && event.code === 'Slash')) {
      take()
      return this.desk.openKeys()
    }
    if (mod || event.altKey || event.key.length !== 1) return
    take()
    const wrote = stroke(event)
    if (wrote === null) return this.desk.say(this.grid.text('unknown'))
    if ('digit' in wrote) return this.type(this.begun(wrote.digit) + wrote.digit)
    this.finish()
    this.enter(this.grid.textOf(wrote.absence))
  }

  /** The digits that the next one joins: those being typed, or the 1 that has just counted when a slow 0 makes it 10. */
  private begun(digit: string): string {
    const { points } = this.grid.cell(this.active)
    const column = this.grid.column(this.active)
    const joins = digit === '0' && points !== null && least(column) > 0 && points * 10 <= (column.max ?? 0)
    return this.typed || (joins ? String(points) : '')
  }

  /** Digits gather for a moment, on the screen at once; then, or with the next move, they count. */
  private type(text: string): void {
    clearTimeout(this.timer)
    const td = this.grid.td(this.active)
    const lock = this.grid.lockOf(this.active)
    if (!td) return
    if (lock) return this.desk.say(lock)
    this.grid.cell(this.active) // read what stands there before the typed text covers it
    this.typed = text
    td.textContent = text
    td.classList.add('jg-typing')
    const patience = (this.grid.column(this.active).max ?? 0) > 10 ? PATIENCE_FOR_POINTS : PATIENCE
    if (text) this.timer = setTimeout(() => this.finish(), patience)
    else this.cancel()
  }

  /** Let what was typed count now. */
  finish(): void {
    clearTimeout(this.timer)
    const input = this.grid.td(this.active)?.querySelector('input')
    const text = input ? input.value : this.typed
    const typing = input !== null && input !== undefined ? input.value !== input.defaultValue : this.typed !== ''
    this.typed = ''
    if (input) {
      const focused = document.activeElement === input
      this.close(input)
      if (focused) this.grid.td(this.active)?.focus()
    }
    if (typing) this.enter(text)
    else if (input) this.grid.paint(this.active)
  }

  private enter(text: string): void {
    const lock = this.grid.lockOf(this.active)
    if (lock) {
      this.grid.paint(this.active)
      return this.desk.say(lock)
    }
    if (!this.grid.enter(this.active, text)) return this.desk.say(this.grid.cell(this.active).reason ?? '')
    const { points, absence } = this.grid.cell(this.active)
    if (points !== null && absence !== null && absence !== 'late') this.desk.say(this.grid.text('markOfAbsent'))
  }

  private cancel(): void {
    clearTimeout(this.timer)
    const td = this.grid.td(this.active)
    const was = this.typed !== '' || td?.querySelector('input')
    this.typed = ''
    const input = td?.querySelector('input')
    if (input) this.close(input)
    if (!was) this.grid.settle(this.active)
    this.grid.paint(this.active)
    this.unselect()
    td?.focus()
  }

  /** Take the input away; the blur that this causes is not the person leaving. */
  private close(input: HTMLInputElement): void {
    this.closing = true
    input.remove()
    this.closing = false
  }

  private edit(): void {
    const td = this.grid.td(this.active)
    const lock = this.grid.lockOf(this.active)
    if (!td || td.querySelector('input')) return
    if (lock) return this.desk.say(lock)
    const cell = this.grid.cell(this.active)
    const text = this.typed || (cell.typed ?? this.grid.label(this.active))
    clearTimeout(this.timer)
    this.typed = ''
    const input = document.createElement('input')
    input.className = 'jg-input'
    input.defaultValue = text
    input.maxLength = 8
    input.autocomplete = 'off'
    input.setAttribute('aria-label', `${this.grid.pupil(this.active).name}, ${this.grid.column(this.active).label}`)
    td.replaceChildren(input)
    input.focus()
    input.select()
  }

  clear(): void {
    const places = this.selected()
    this.finish()
    const open = places.filter((place) => !this.grid.lockOf(place))
    if (open.length < places.length) this.desk.say(this.grid.lockOf(places.find((place) => this.grid.lockOf(place))!))
    this.grid.apply(open.map((place) => ({ place, value: { points: null, absence: null } })))
  }

  /** One step back or forward; what somebody else changed since is told and left. */
  turnBack(forward: boolean, focus = true): void {
    this.finish()
    const turned = forward ? this.grid.redo() : this.grid.undo()
    if (!turned) return this.desk.say(this.grid.text(forward ? 'nothingToRedo' : 'nothingToUndo'))
    if (turned.place && this.grid.isShown(turned.place)) this.move(turned.place, false, focus)
    if (turned.left.length === 0) return
    const named = turned.left.filter((place) => place !== null).slice(0, 3).map((place) => this.grid.nameOf(place))
    this.desk.say(this.grid.text('undoLeft', { count: turned.left.length, cells: named.join('; ') }))
  }

  /** Give the empty cells below (or the empty ones of the selection) the value of the first. */
  fillDown(): void {
    this.finish()
    const chosen = this.selected()
    const alone = chosen.length === 1
    const changes = []
    const cols = [...new Set(chosen.map((place) => place.col))]
    for (const col of cols) {
      const rows = alone
        ? Array.from({ length: this.grid.height - this.active.row }, (_, index) => this.active.row + index)
        : chosen.filter((place) => place.col === col).map((place) => place.row)
      const source = this.grid.cell({ row: rows[0]!, col })
      for (const row of rows.slice(1)) {
        const place = { row, col }
        const cell = this.grid.cell(place)
        if (cell.points !== null || cell.absence !== null || this.grid.lockOf(place) || !this.grid.isShown(place)) continue
        if (source.points !== null && this.grid.column(place).points === false) continue
        changes.push({ place, value: { points: source.points, absence: source.absence } })
      }
    }
    this.grid.apply(changes)
    this.desk.say(this.grid.text('filled', { count: changes.length }))
  }

  private selected(): Place[] {
    const a = this.anchor ?? this.active
    const b = this.active
    const places: Place[] = []
    for (let row = Math.min(a.row, b.row); row <= Math.max(a.row, b.row); row++) {
      for (let col = Math.min(a.col, b.col); col <= Math.max(a.col, b.col); col++) places.push({ row, col })
    }
    return places.filter((place) => this.grid.isShown(place))
  }
  private select(): void {
    this.dropSelection()
    for (const place of this.selected()) this.grid.td(place)?.setAttribute('aria-selected', 'true')
  }
  private unselect(): void {
    this.anchor = null
    this.dropSelection()
  }
  private dropSelection(): void {
    for (const td of this.grid.table.querySelectorAll('td[aria-selected]')) td.removeAttribute('aria-selected')
  }

  private copy(event: ClipboardEvent): void {
    if (event.target instanceof HTMLInputElement) return
    const rows = new Map<number, string[]>()
    for (const place of this.selected()) {
      const line = rows.get(place.row) ?? []
      line.push(this.grid.label(place))
      rows.set(place.row, line)
    }
    event.clipboardData?.setData('text/plain', [...rows.values()].map((line) => line.join('\t')).join('\n'))
    event.preventDefault()
  }

  private paste(event: ClipboardEvent): void {
    const text = event.clipboardData?.getData('text/plain') ?? ''
    if (event.target instanceof HTMLInputElement || !text) return
    event.preventDefault()
    this.finish()
    this.pasteText(text)
  }

  /** What fits is one step; if something does not fit, or would replace what stands there, the person is asked first. */
  pasteText(text: string): void {
    const landing = land(this.grid, text, this.selected())
    const { changes, faults } = landing
    const write = () => {
      // What was not taken stays in its cell, marked, where the cell is open to be mended.
      const kept = faults.filter(({ place }) => place && !this.grid.lockOf(place))
      this.grid.apply(changes, kept.map(({ place }) => place!))
      for (const { place, typed } of kept) this.grid.enter(place!, typed)
      this.desk.say(this.grid.text(faults.length ? 'pastedPartly' : 'pasted', { count: changes.length, faults: faults.length }))
    }
    if (faults.length === 0 && landing.replaced.length === 0) return write()
    ask(this.grid, landing, write, () => this.grid.td(this.active)?.focus({ preventScroll: true }))
  }

  private press(event: MouseEvent): void {
    const td = event.target instanceof Element ? event.target.closest('td') : null
    const place = td && this.grid.placeOf(td)
    if (!place || event.target instanceof HTMLInputElement || event.button !== 0) return
    event.preventDefault()
    this.move(place, event.shiftKey)
    this.dragging = true
  }

  /** With the button held, cells are chosen up to the one under the mouse. */
  private drag(event: MouseEvent): void {
    if (!this.dragging) return
    const td = event.target instanceof Element ? event.target.closest('td') : null
    const place = td && this.grid.placeOf(td)
    if ((event.buttons & 1) === 0) this.dragging = false
    else if (place && (place.row !== this.active.row || place.col !== this.active.col)) this.move(place, true)
  }

  private menu(event: MouseEvent): void {
    const td = event.target instanceof Element ? event.target.closest('td') : null
    const place = td && this.grid.placeOf(td)
    if (!td || !place || event.target instanceof HTMLInputElement) return
    event.preventDefault()
    if (!this.selected().some((one) => one.row === place.row && one.col === place.col)) this.move(place)
    const { left, bottom } = td.getBoundingClientRect()
    this.desk.openMenu(place, event.clientX || event.clientY ? { x: event.clientX, y: event.clientY } : { x: left, y: bottom })
  }

  private left(event: FocusEvent): void {
    if (this.closing) return
    const to = event.relatedTarget
    if (to instanceof Node && this.grid.table.contains(to)) return
    if (event.target instanceof HTMLInputElement || this.typed) this.finish()
  }
}
