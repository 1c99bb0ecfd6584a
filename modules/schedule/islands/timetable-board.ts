/**
 * The board by mouse, by finger and by keys. What a place means, and what a move does, comes from the server: the rules
 * stand once. Without this script everything works by links and forms.
 */
import type htmx from 'htmx.org'

interface Props { strings: Record<'picked' | 'held' | 'dropped' | 'waiting' | 'wait' | 'unknown', string> }
type Point = { clientX: number; clientY: number }

const MEANINGS = ['tt-fits', 'tt-moves', 'tt-wish', 'tt-impossible']
const LONG_PRESS = 350 // milliseconds a finger rests on a card before it is lifted; a shorter touch scrolls or chooses
const SLIP = 6 // pixels that a mouse moves before a press becomes a drag
const EDGE = 48 // near the edge of what is seen, the board comes along

const warn = (words: string) => document.dispatchEvent(new CustomEvent('mektep:toast', { detail: { text: words, kind: 'warning' } }))
const cellsOf = (root: ParentNode) => root.querySelectorAll<HTMLElement>('[data-place]')

class Board {
  private busy = false
  private press: { card: HTMLAnchorElement; x: number; y: number; timer: number } | null = null
  private held: { card: HTMLAnchorElement; ghost: HTMLElement; over: HTMLElement | null; at: Point } | null = null
  private swallow = false // the click that ends a drag chooses nothing

  constructor(private root: HTMLElement, private words: Props['strings']) {
    root.addEventListener('click', (event) => this.clicked(event), true)
    root.addEventListener('submit', (event) => this.submitted(event))
    document.getElementById('toasts')?.addEventListener('submit', (event) => this.undone(event), true)
    root.addEventListener('keydown', (event) => this.pressed(event))
    document.addEventListener('keydown', (event) => { if (event.key === 'Escape' && this.held) this.letGo(true) })
    root.querySelector('#tt-of')?.addEventListener('change', (event) => {
      void this.go(`?of=${encodeURIComponent((event.target as HTMLSelectElement).value)}`)
    })
    root.addEventListener('pointerdown', (event) => this.touched(event))
    document.addEventListener('pointermove', (event) => this.moved(event))
    document.addEventListener('pointerup', () => this.released())
    document.addEventListener('pointercancel', () => this.letGo(true))
    root.addEventListener('dragstart', (event) => event.preventDefault())
    root.addEventListener('contextmenu', (event) => { if (this.press || this.held) event.preventDefault() })
    document.addEventListener('touchmove', (event) => { if (this.held) event.preventDefault() }, { passive: false })
  }

  private get desk(): HTMLElement { return document.getElementById('desk')! }
  private say(words: string): void { document.getElementById('tt-says')!.textContent = words }
  private card(id: string): HTMLAnchorElement | null { return document.getElementById(`c-${id}`) as HTMLAnchorElement | null }

  // --- the server's answers

  /** Ask for the living part of the page and put it in; the focus goes where `then` says. */
  private async ask(verb: 'get' | 'post', url: string, values: Record<string, string>, then: () => HTMLElement | null): Promise<void> {
    if (this.busy) return this.say(this.words.wait)
    this.busy = true
    this.desk.setAttribute('aria-busy', 'true')
    try {
      const ask = (window as unknown as { htmx: typeof htmx }).htmx.ajax
      await ask(verb, url, { target: '#desk', swap: 'outerHTML', values })
    } catch {
      return // the frame has said that the server is out of reach
    } finally {
      this.busy = false
      this.desk.removeAttribute('aria-busy')
    }
    const list = this.root.querySelector<HTMLSelectElement>('#tt-of')
    if (list && this.desk.dataset.of) list.value = this.desk.dataset.of
    then()?.focus({ preventScroll: true })
  }

  private async go(href: string): Promise<void> {
    const url = new URL(href, location.href)
    await this.ask('get', url.pathname + url.search, {}, () => {
      history.replaceState(null, '', url)
      const card = this.chosen()
      if (!card) return null
      const box = card.getBoundingClientRect()
      if (box.top < 0 || box.bottom > innerHeight) card.scrollIntoView({ block: 'center' })
      return card
    })
    const card = this.chosen()
    if (card) this.say(this.words.picked.replace('{lesson}', card.title))
  }

  private chosen(): HTMLAnchorElement | null { return this.root.querySelector<HTMLAnchorElement>('a.tt-card.is-chosen') }

  private put(id: string, place: string): Promise<void> {
    const form = this.root.querySelector<HTMLFormElement>('#tt-move')!
    const { of, seen } = this.desk.dataset
    return this.ask('post', form.action, { card: id, place, of: of ?? '', seen: seen ?? '' }, () => this.card(id))
  }

  private undo(): void {
    const form = this.root.querySelector<HTMLFormElement>('#tt-undo')
    if (form && !form.querySelector('button:disabled')) form.requestSubmit()
  }

  private clicked(event: MouseEvent): void {
    if (this.swallow) {
      this.swallow = false
      event.preventDefault()
      return event.stopPropagation()
    }
    const link = (event.target as Element).closest<HTMLAnchorElement>('a.tt-card, a[data-live]')
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    void (link.classList.contains('is-chosen') ? this.unchoose() : this.go(link.href))
  }

  private submitted(event: SubmitEvent): void {
    const form = event.target as HTMLFormElement
    if (!form.hasAttribute('data-live')) return
    event.preventDefault()
    event.stopPropagation()
    const values: Record<string, string> = {}
    for (const [name, value] of new FormData(form, event.submitter)) if (typeof value === 'string') values[name] = value
    const id = values.card ?? this.desk.dataset.chosen ?? ''
    void this.ask('post', form.action, values, () => this.chosen() ?? this.card(id) ?? this.root.querySelector(`#${form.id} button`))
  }

  /** "Undo" of a message takes the step back here, without another page. */
  private undone(event: Event): void {
    const form = event.target as HTMLFormElement
    const mine = this.root.querySelector<HTMLFormElement>('#tt-undo')
    if (!mine || new URL(form.action).pathname !== new URL(mine.action).pathname) return
    event.preventDefault()
    event.stopPropagation()
    form.closest('.flash')?.remove()
    this.undo()
  }

  // --- keys

  private pressed(event: KeyboardEvent): void {
    const target = event.target as HTMLElement
    if (target.matches('input, textarea, select')) return
    const card = target.closest<HTMLAnchorElement>('a.tt-card')
    if ((event.ctrlKey || event.metaKey) && event.code === 'KeyZ' && !event.shiftKey) {
      event.preventDefault()
      return this.undo()
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'Escape' && this.chosen() && !this.held) {
      event.preventDefault()
      void this.unchoose()
    } else if (card && event.key === ' ') {
      event.preventDefault()
      if (card.classList.contains('is-chosen')) void this.unchoose()
      else void this.go(card.href)
    } else if (card && (event.key === 'Delete' || event.key === 'Backspace')) {
      event.preventDefault()
      void this.put(card.id.slice(2), '')
    } else if (card && event.code === 'KeyL') {
      event.preventDefault()
      void this.go(card.href).then(() => this.root.querySelector<HTMLElement>('[name=reason], [name=unpin]')?.focus())
    } else this.step(event)
  }

  private async unchoose(): Promise<void> {
    const card = this.chosen()
    const id = card?.id.slice(2) ?? ''
    await this.go(`?of=${encodeURIComponent(this.desk.dataset.of ?? '')}`)
    this.card(id)?.focus({ preventScroll: true })
    if (card) this.say(this.words.dropped.replace('{lesson}', card.title))
  }

  /** Arrows go from cell to cell: over what each place means while a card is chosen, else from card to card. */
  private step(event: KeyboardEvent): void {
    const move = STEPS[event.key]
    const from = (event.target as HTMLElement).closest<HTMLTableCellElement>('td[data-place]')
    const rows = from?.closest('tbody')?.rows
    if (!move || !from || !rows) return
    let row = (from.parentElement as HTMLTableRowElement).sectionRowIndex
    let column = from.cellIndex
    for (;;) {
      row += move[0]
      column += move[1]
      const cell = rows[row]?.cells[column]
      if (!cell || column === 0) return
      const goal = cell.querySelector<HTMLElement>('.tt-place') ?? cell.querySelector<HTMLElement>('a.tt-card')
      if (!goal) continue
      event.preventDefault()
      return goal.focus()
    }
  }

  // --- mouse and finger

  private touched(event: PointerEvent): void {
    const card = (event.target as Element).closest<HTMLAnchorElement>('a.tt-card')
    if (!card || event.button !== 0 || !event.isPrimary || this.busy) return
    this.swallow = false
    const timer = event.pointerType === 'mouse' ? 0 : window.setTimeout(() => this.lift(event), LONG_PRESS)
    this.press = { card, x: event.clientX, y: event.clientY, timer }
  }

  private moved(event: PointerEvent): void {
    if (this.held) {
      this.held.at = event
      return this.follow(event)
    }
    if (!this.press) return
    if (Math.hypot(event.clientX - this.press.x, event.clientY - this.press.y) < SLIP) return
    if (event.pointerType === 'mouse') this.lift(event)
    else this.unpress() // the finger scrolls
  }

  private unpress(): void {
    if (this.press?.timer) clearTimeout(this.press.timer)
    this.press = null
  }

  private lift(at: Point): void {
    const card = this.press?.card
    this.unpress()
    if (!card?.isConnected) return
    this.swallow = true // also when Escape lets the card go before the button is up
    if (card.classList.contains('is-pinned')) return this.say(card.textContent ?? '')
    const ghost = card.cloneNode(true) as HTMLElement
    for (const name of ['id', 'href']) ghost.removeAttribute(name)
    ghost.setAttribute('aria-hidden', 'true')
    ghost.className = 'tt-card tt-ghost'
    ghost.style.width = `${card.offsetWidth}px`
    document.body.append(ghost)
    card.classList.add('is-held')
    this.root.classList.add('is-holding')
    this.held = { card, ghost, over: null, at }
    this.say(this.words.held.replace('{lesson}', card.title))
    navigator.vibrate?.(20)
    this.follow(at)
    requestAnimationFrame(() => this.drift())
    if (card.classList.contains('is-chosen')) return
    void this.meanings(card).then((page) => {
      if (this.held?.card !== card) return // the answer came after the card was let go
      if (page) this.colour(page)
      else warn(this.words.unknown)
    })
  }

  /** The board as it is drawn when the card is chosen: it says what each place means. */
  private async meanings(card: HTMLAnchorElement): Promise<Document | null> {
    try {
      const answer = await fetch(card.href, { credentials: 'same-origin', headers: { 'HX-Request': 'true' } })
      return answer.ok ? new DOMParser().parseFromString(await answer.text(), 'text/html') : null
    } catch {
      return null
    }
  }

  private follow(at: Point): void {
    const held = this.held!
    held.ghost.style.transform = `translate(${at.clientX + 12}px, ${at.clientY + 12}px)`
    const cell = document.elementFromPoint(at.clientX, at.clientY)?.closest<HTMLElement>('[data-place]') ?? null
    const over = cell && this.root.contains(cell) && !cell.contains(held.card) ? cell : null
    if (over === held.over) return
    held.over?.classList.remove('is-over')
    over?.classList.add('is-over')
    held.over = over
    if (over) this.say(over.querySelector('.tt-place')?.textContent ?? (over.dataset.place ? '' : this.words.waiting))
  }

  /** Near an edge the board and the page move along. */
  private drift(): void {
    if (!this.held) return
    const { clientX: x, clientY: y } = this.held.at
    const box = this.root.querySelector<HTMLElement>('.tt-scroll')
    if (box) {
      const { left, right } = box.getBoundingClientRect()
      if (x < left + EDGE) box.scrollLeft -= 8
      else if (x > right - EDGE) box.scrollLeft += 8
    }
    if (y < EDGE) scrollBy(0, -8)
    else if (y > innerHeight - EDGE) scrollBy(0, 8)
    this.follow(this.held.at)
    requestAnimationFrame(() => this.drift())
  }

  /** Show in the cells what the chosen card's page says of them. */
  private colour(page: Document): void {
    const told = new Map(Array.from(cellsOf(page), (cell) => [cell.dataset.place, cell]))
    for (const cell of cellsOf(this.root)) {
      const there = told.get(cell.dataset.place)
      if (!cell.dataset.place || !there) continue
      cell.querySelector('.tt-place')?.remove()
      cell.classList.remove(...MEANINGS)
      cell.classList.add(...MEANINGS.filter((name) => there.classList.contains(name)))
      const place = there.querySelector('.tt-place')
      if (place) cell.append(document.importNode(place, true))
    }
  }

  private released(): void {
    this.unpress()
    setTimeout(() => { this.swallow = false }) // the click of this release comes first
    const held = this.held
    if (!held) return
    const over = held.over
    const word = over?.querySelector('.tt-place')
    if (!over || word?.tagName === 'SPAN') {
      if (word) warn(word.textContent?.trim() ?? '')
      return this.letGo(true)
    }
    const id = held.card.id.slice(2)
    const place = over.dataset.place?.split('/')[1] ?? ''
    this.letGo(false)
    void this.put(id, place)
  }

  /** The card goes back where it was; with `back` the board looks as before it was lifted. */
  private letGo(back: boolean): void {
    this.unpress()
    const held = this.held
    if (!held) return
    this.held = null
    held.ghost.remove()
    held.over?.classList.remove('is-over')
    held.card.classList.remove('is-held')
    this.root.classList.remove('is-holding')
    if (!back) return
    this.say(this.words.dropped.replace('{lesson}', held.card.title))
    held.card.focus({ preventScroll: true })
    if (held.card.classList.contains('is-chosen')) return
    if (this.chosen()) return void this.go(this.chosen()!.href)
    for (const cell of cellsOf(this.root)) {
      cell.classList.remove(...MEANINGS)
      cell.querySelector('.tt-place')?.remove()
    }
  }

  begin(): void { this.chosen()?.focus({ preventScroll: true }) }
}

const STEPS: Record<string, [number, number]> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }

export function mount(root: HTMLElement, props: unknown): void {
  new Board(root, (props as Props).strings).begin()
}
