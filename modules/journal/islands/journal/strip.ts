import type { Grid } from './grid'
import { clock, localMoment, moment } from './time'
import type { Kept, Value } from './types'

const LONG_WORDS = 80 // of a comment; the whole of it stands in the cell's window

type Buttons = { undo(): void; redo(): void; keys(): void; lesson(): void; views: HTMLElement }

export const el = <K extends keyof HTMLElementTagNameMap>(tag: K, className = '', text = ''): HTMLElementTagNameMap[K] => {
  const made = document.createElement(tag)
  if (className) made.className = className
  if (text) made.textContent = text
  return made
}

export const button = (text: string, act: () => void, look = 'btn btn-sm btn-default') => {
  const made = el('button', look, text)
  made.type = 'button'
  made.addEventListener('click', act)
  return made
}

/** A sign with its word; on a phone the word is only heard. */
const arrow = (sign: string, word: string, act: () => void) => {
  const made = button(`${sign} `, act)
  made.append(el('span', 'jg-word', word))
  return made
}

/** The line over the grid: what is saved and what is not, in words; under it the cells that need a decision. */
export class Strip {
  private readonly sign = el('span', 'jg-sign')
  private readonly words = el('span', 'jg-words')
  private readonly link = el('a', 'btn btn-sm btn-primary')
  private readonly anew: HTMLButtonElement
  private readonly spoken = el('div', 'visually-hidden')
  private readonly list = el('section', 'jg-decisions')
  private readonly live: HTMLElement
  private readonly turn: HTMLButtonElement
  private savedAt = ''
  private shown = ''
  private listed = ''
  private worked = false
  private holding: ReturnType<typeof setTimeout> | undefined
  private speaking: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly grid: Grid, bar: HTMLElement, buttons: Buttons) {
    const text = (key: string) => grid.text(key)
    this.live = el('div', 'jg-status')
    this.anew = button(text('loadAnew'), () => location.reload())
    this.live.append(this.sign, this.words, this.link, this.anew)
    this.spoken.setAttribute('aria-live', 'polite')
    this.spoken.setAttribute('role', 'status')
    const tools = el('div', 'jg-tools')
    tools.append(
      buttons.views,
      arrow('↶', text('undo'), buttons.undo),
      arrow('↷', text('redo'), buttons.redo),
      button(text('keys'), buttons.keys, 'btn btn-sm btn-default jg-wide'),
    )
    this.turn = button('', buttons.lesson, 'btn btn-sm btn-default')
    tools.append(this.turn)
    this.list.setAttribute('aria-label', text('decisions'))
    this.list.hidden = true
    this.link.textContent = text('signIn')
    this.link.hidden = true
    bar.append(this.live, tools, this.spoken)
    bar.after(this.list)
  }

  /** The other view is one press away; the button says which. */
  shows(byLesson: boolean): void {
    this.turn.textContent = this.grid.text(byLesson ? 'tableView' : 'lessonView')
  }

  /** Say something once, to eyes and ears. */
  say(message: string): void {
    this.words.textContent = message
    this.speak(message)
    this.shown = ''
    clearTimeout(this.holding)
    this.holding = setTimeout(() => {
      this.holding = undefined
      this.refresh()
    }, 3000)
  }

  refresh(): void {
    const { queue, props } = this.grid
    const waiting = queue.waiting.length
    const undecided = queue.conflicts.length
    const refused = this.refusedCount()
    if (waiting) this.worked = true
    if (waiting === 0 && queue.link === 'idle' && this.worked) {
      this.worked = false
      this.savedAt = clock(new Date())
    }
    let state = 'saved'
    let words = this.savedAt ? this.grid.text('savedAt', { time: this.savedAt }) : this.grid.text('ready')
    const copy = document.documentElement.dataset.kept
    this.anew.hidden = !copy || !navigator.onLine || waiting > 0 || queue.link === 'offline'
    if (!navigator.onLine) [state, words] = ['offline', this.grid.text('offline', { count: waiting })]
    else if (queue.link === 'signedOut') [state, words] = ['signedOut', this.grid.text('signedOut', { count: waiting })]
    else if (queue.link === 'offline') [state, words] = ['offline', this.grid.text('offline', { count: waiting })]
    else if (waiting) [state, words] = ['saving', this.grid.text('saving', { count: waiting })]
    const also = []
    if (copy) also.push(this.grid.text('keptCopy', { time: localMoment(new Date(copy)) }))
    if (undecided) also.push(this.grid.text('conflicts', { count: undecided }))
    if (refused) also.push(this.grid.text('refusedCount', { count: refused }))
    const line = [words, ...also].join(' ')
    this.sign.textContent = { saved: '✓', saving: '…', offline: '⌁', signedOut: '!' }[state] ?? ''
    this.live.dataset.state = undecided || refused ? 'attention' : state
    this.link.hidden = state !== 'signedOut'
    this.link.href = `${props.signInUrl}?next=${encodeURIComponent(location.pathname + location.search)}`
    this.decisions()
    if (line === this.shown) return
    if (this.holding !== undefined) return // what was said is still being read
    this.shown = line
    this.words.textContent = line
    this.speak(line)
  }

  /** Cells in sight and those of another period's page. */
  private refusedCount(): number {
    const away = this.grid.queue.refused.filter((one) => !this.grid.placeOfOperation(one))
    return this.grid.table.querySelectorAll('td.jg-refused').length + away.length
  }

  /** Ears get the last word, not every step on the way. */
  private speak(text: string): void {
    clearTimeout(this.speaking)
    this.speaking = setTimeout(() => { this.spoken.textContent = text }, 400)
  }

  private decisions(): void {
    const { conflicts, refused } = this.grid.queue
    const asked = [...conflicts, ...refused].map((one) => one.id).join()
    if (asked === this.listed) return
    this.listed = asked
    this.list.hidden = asked === ''
    const part = (heading: string, lines: HTMLLIElement[], all?: HTMLButtonElement) => {
      if (!lines.length) return []
      const head = el('div', 'jg-decisions-head')
      head.append(el('strong', '', heading), ...(all ? [all] : []))
      const list = el('ul')
      list.append(...lines)
      return [head, list]
    }
    const theirs = () => { for (const one of conflicts) this.grid.decide(one, false) }
    const aside = () => { for (const one of refused) this.grid.forget(one) }
    this.list.replaceChildren(
      ...part(this.grid.text('decisionsHead'), conflicts.map((one) => this.decision(one)),
        conflicts.length > 1 ? button(this.grid.text('keepAllTheirs'), theirs) : undefined),
      ...part(this.grid.text('refusedHead'), refused.map((one) => this.refusal(one)),
        refused.length > 1 ? button(this.grid.text('forgetAll'), aside) : undefined),
    )
  }

  private nameOf(one: Kept): string {
    const place = this.grid.placeOfOperation(one)
    return place ? this.grid.nameOf(place) : (one.name ?? '')
  }

  private said(one: Kept, value: Value | undefined): string {
    const text = value === undefined || value === null ? this.grid.text('empty') : this.grid.textOf(value, one.field)
    return text.length > LONG_WORDS ? `${text.slice(0, LONG_WORDS)}…` : text
  }

  /** What the server did not take, and why; until it is mended in its cell or put aside here it stays on the device. */
  private refusal(one: Kept): HTMLLIElement {
    const line = el('li')
    const why = one.result?.message ?? this.grid.text('refused')
    line.append(
      el('span', '', this.grid.text('refusal', { cell: this.nameOf(one), mine: this.said(one, one.new), why })),
      button(this.grid.text('forget'), () => this.grid.forget(one)),
    )
    return line
  }

  private decision(one: Kept): HTMLLIElement {
    const { grid } = this
    const line = el('li')
    const name = this.nameOf(one)
    const said = (value: Value | undefined) => this.said(one, value)
    const time = one.result?.at ? moment(one.result.at) : ''
    const words = el('span', '', grid.text('decision', {
      cell: name, mine: said(one.new), theirs: said(one.result?.value), by: one.result?.by ?? '', at: time,
    }))
    line.append(
      words,
      button(grid.text('keepTheirs', { value: said(one.result?.value) }), () => grid.decide(one, false)),
      button(grid.text('keepMine', { value: said(one.new) }), () => grid.decide(one, true)),
    )
    return line
  }
}
