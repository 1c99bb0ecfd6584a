/** The lines of a plan as a table: a field is sent when it is left, and what is not sent yet stays in the browser. */
type Words = Record<'saved' | 'saving' | 'unsent' | 'conflict' | 'mine' | 'gone', string>
type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement

interface Change { line: string; field: string; old: string; new: string }
interface Clash { line: string; field: string; theirs: string; yours: string }
interface Answer { hours: string; conflicts: Clash[]; here: string; table?: string }

const RETRY = 5000

export function mount(element: HTMLElement, given: unknown): void {
  const form = element.querySelector<HTMLFormElement>('form')
  if (form) new PlanTable(form, given as Words).begin()
}

class PlanTable {
  private readonly store: string
  private readonly place: HTMLElement
  private readonly was = new Map<string, string>()
  private pending: Change[] = []
  private acts: { act: string; line: string; field: string }[] = []
  private busy = false
  private stopped = false
  private timer = 0

  constructor(private readonly form: HTMLFormElement, private readonly words: Words) {
    this.store = `plan-lines:${form.dataset.plan}`
    this.place = form.querySelector<HTMLElement>('[data-table]')!
  }

  begin(): void {
    this.form.classList.add('is-live')
    this.remember()
    this.pending = this.kept()
    this.putBack()
    this.form.addEventListener('change', (event) => this.typed(event.target as Field))
    this.form.addEventListener('focusin', (event) => this.standOn(event.target as HTMLElement))
    this.form.addEventListener('keydown', (event) => this.key(event))
    this.form.addEventListener('submit', (event) => this.submitted(event))
    addEventListener('online', () => void this.send())
    addEventListener('pagehide', () => this.keep())
    if (this.pending.length) void this.send()
  }

  // --- what stands in the fields

  private fields(): Field[] {
    return Array.from(this.place.querySelectorAll<Field>('tr[data-line] :is(input, textarea, select):not([type=radio])'))
  }

  private field(change: { line: string; field: string }): Field | null {
    return this.place.querySelector<Field>(`[name="${CSS.escape(`${change.field}-${change.line}`)}"]`)
  }

  private remember(): void {
    this.was.clear()
    for (const field of this.fields()) this.was.set(field.name, field.value)
  }

  /** What was typed and is not sent stands in the table again. */
  private putBack(): void {
    for (const one of this.pending) {
      const field = this.field(one)
      if (field) field.value = one.new
    }
  }

  private typed(field: Field): void {
    const row = field.closest<HTMLElement>('tr[data-line]')
    if (!row || field.type === 'radio') return
    const line = row.dataset.line!
    const name = field.name.slice(0, -line.length - 1)
    if (name === 'hours') {
      const wrong = !/^([1-9]|[1-3]\d|40)$/.test(field.value.trim())
      field.classList.toggle('is-invalid', wrong)
      field.setAttribute('aria-invalid', String(wrong))
      if (wrong) return
    }
    if (name === 'kind') row.className = field.value === 'lesson' ? '' : `plan-${field.value}`
    const known = this.pending.find((one) => one.line === line && one.field === name)
    if (known) known.new = field.value
    else this.pending.push({ line, field: name, old: this.was.get(field.name) ?? '', new: field.value })
    this.keep()
    void this.send()
  }

  private keep(): void {
    try {
      if (this.pending.length) localStorage.setItem(this.store, JSON.stringify(this.pending))
      else localStorage.removeItem(this.store)
    } catch { /* a full or closed store: the fields themselves still hold it */ }
  }

  private kept(): Change[] {
    try {
      return JSON.parse(localStorage.getItem(this.store) ?? '[]') as Change[]
    } catch {
      return []
    }
  }

  // --- sending, one after another

  private async send(): Promise<void> {
    if (this.busy || this.stopped || (!this.pending.length && !this.acts.length)) return
    this.busy = true
    clearTimeout(this.timer)
    this.say(this.words.saving)
    const sent = this.pending.map((one) => ({ ...one }))
    const act = this.acts[0]
    const body = new FormData()
    body.set('changes', JSON.stringify(sent))
    if (act) {
      body.set('act', act.act)
      body.set('line', act.line)
    }
    try {
      const answer = await fetch(this.form.action, {
        method: 'POST',
        body,
        headers: { Accept: 'application/json', 'X-CSRFToken': document.body.dataset.csrf ?? '' },
        credentials: 'same-origin',
        redirect: 'error',
      })
      if (answer.status >= 500) throw new Error(String(answer.status))
      if (answer.ok) this.taken(sent, (await answer.json()) as Answer, act)
      else {
        this.stopped = true
        this.say(this.words.gone, true)
      }
    } catch {
      this.say(this.words.unsent, true)
      this.timer = window.setTimeout(() => void this.send(), RETRY)
      return
    } finally {
      this.busy = false
    }
    void this.send()
  }

  private taken(sent: Change[], answer: Answer, act?: { act: string; line: string; field: string }): void {
    for (const one of sent) {
      this.was.set(`${one.field}-${one.line}`, one.new)
      const now = this.pending.find((other) => other.line === one.line && other.field === one.field)
      if (now && now.new === one.new) this.pending.splice(this.pending.indexOf(now), 1)
      else if (now) now.old = one.new
    }
    if (act) this.acts.shift()
    if (answer.table !== undefined) {
      this.place.innerHTML = answer.table
      this.remember()
      this.putBack()
      this.focus(answer.here, act?.field)
    }
    const hours = document.getElementById('plan-hours')
    if (hours) hours.innerHTML = answer.hours
    for (const one of answer.conflicts) this.clash(one)
    this.keep()
    this.say(this.words.saved)
  }

  private clash(one: Clash): void {
    const field = this.field(one)
    if (field) {
      field.value = one.theirs
      this.was.set(field.name, one.theirs)
    }
    const strip = document.createElement('p')
    strip.className = 'plan-conflict alert alert-warning'
    strip.append(this.words.conflict.replace('{theirs}', one.theirs || '–').replace('{yours}', one.yours))
    const mine = document.createElement('button')
    mine.type = 'button'
    mine.className = 'btn btn-sm btn-default'
    mine.textContent = this.words.mine
    mine.addEventListener('click', () => {
      strip.remove()
      const live = this.field(one)
      if (!live) return
      live.value = one.yours
      this.typed(live)
    })
    strip.append(mine)
    this.form.querySelector('[data-conflicts]')!.append(strip)
  }

  private say(text: string, isUnsent = false): void {
    const state = this.form.querySelector<HTMLElement>('[data-state]')!
    state.textContent = text
    state.classList.toggle('is-unsent', isUnsent)
  }

  // --- acts and keys

  private submitted(event: SubmitEvent): void {
    event.preventDefault()
    const button = event.submitter as HTMLButtonElement | null
    this.do(button?.name === 'act' ? button.value : '')
  }

  private do(act: string): void {
    const active = document.activeElement
    const field = active instanceof HTMLElement && 'name' in active ? String(active.name).split('-')[0]! : 'topic'
    if (active && this.place.contains(active) && 'value' in active) {
      const live = active as Field
      if (this.was.get(live.name) !== undefined && this.was.get(live.name) !== live.value) this.typed(live)
    }
    if (act) {
      const line = this.form.querySelector<HTMLInputElement>('input[name=line]:checked')?.value ?? ''
      this.acts.push({ act, line, field })
    }
    void this.send()
  }

  private standOn(target: HTMLElement): void {
    const pick = target.closest('tr[data-line]')?.querySelector<HTMLInputElement>('input[name=line]')
    if (pick) pick.checked = true
  }

  private focus(line: string, field = 'topic'): void {
    const name = ['kind', 'section', 'topic', 'objectives', 'hours', 'note'].includes(field) ? field : 'topic'
    const live = line ? this.field({ line, field: name }) : null
    live?.focus()
    live?.scrollIntoView({ block: 'nearest' })
  }

  private key(event: KeyboardEvent): void {
    const field = event.target as Field
    const row = field.closest<HTMLElement>('tr[data-line]')
    if (!row || event.isComposing) return
    const act = this.actOf(event, field)
    if (act) {
      event.preventDefault()
      event.stopPropagation()
      this.do(act)
    } else if (event.code === 'Enter' && !event.shiftKey && !event.ctrlKey && field.tagName !== 'BUTTON') {
      event.preventDefault()
      this.down(row, field)
    }
  }

  private actOf(event: KeyboardEvent, field: Field): string {
    if (event.ctrlKey && event.code === 'Enter') return 'add'
    if (event.altKey && event.code === 'ArrowUp') return 'up'
    if (event.altKey && event.code === 'ArrowDown') return 'down'
    if (event.altKey && event.code === 'Delete') return 'delete'
    // In the middle of a word the browser's own undo is meant.
    const typing = this.was.get(field.name) !== undefined && this.was.get(field.name) !== field.value
    if (event.ctrlKey && event.code === 'KeyZ' && !typing) return event.shiftKey ? 'redo' : 'undo'
    if (event.ctrlKey && event.code === 'KeyY' && !typing) return 'redo'
    return ''
  }

  /** The same field of the line below; under the last line a new one. */
  private down(row: HTMLElement, field: Field): void {
    const rows = Array.from(this.place.querySelectorAll<HTMLElement>('tr[data-line]'))
    const next = rows[rows.indexOf(row) + 1]
    if (!next) this.do('add')
    else this.focus(next.dataset.line!, field.name.slice(0, -row.dataset.line!.length - 1))
  }
}
