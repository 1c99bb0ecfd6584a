import type { Grid, Place } from './grid'
import { button, el } from './strip'
import { moment } from './time'
import type { Voice } from './types'
import { Recorder } from './voice'

const KEYS: [string[], string][] = [
  [['0–9'], 'keyDigits'],
  [['н', 'ж'], 'keyUnexcused'],
  [['п', 'у', 'д'], 'keyExcused'],
  [['б', 'а'], 'keyIll'],
  [['о', 'к'], 'keyLate'],
  [['Enter', 'Shift+Enter'], 'keyEnter'],
  [['Tab', 'Shift+Tab'], 'keyTab'],
  [['←', '↑', '→', '↓', 'Home', 'End', 'Ctrl+Home', 'Ctrl+End'], 'keyArrows'],
  [['Delete'], 'keyDelete'],
  [['Esc'], 'keyEscape'],
  [['F2'], 'keyEdit'],
  [['Ctrl+Z', 'Ctrl+Y'], 'keyUndo'],
  [['Shift+↑', 'Shift+↓', 'Ctrl+C', 'Ctrl+V'], 'keyCopy'],
  [['Ctrl+D'], 'keyFill'],
  [['Space'], 'keyComment'],
  [['Alt+C'], 'keyHistory'],
  [['Alt+N'], 'keyNeeded'],
  [['?'], 'keyKeys'],
]

/** `mayClose` is asked when the person closes the window without a key of its own. */
export function dialog(grid: Grid, title: string, mayClose = () => true): { box: HTMLDialogElement; body: HTMLElement } {
  const box = el('dialog', 'modal-box')
  box.setAttribute('aria-label', title)
  const head = el('div', 'dialog-head')
  const close = button('✕', () => { if (mayClose()) box.close() }, 'icon-btn')
  close.setAttribute('aria-label', grid.text('close'))
  box.addEventListener('cancel', (event) => { if (!mayClose()) event.preventDefault() })
  head.append(el('h2', '', title), close)
  const body = el('div', 'dialog-body')
  box.append(head, body)
  box.addEventListener('close', () => box.remove())
  document.body.append(box)
  box.showModal()
  return { box, body }
}

export function openKeys(grid: Grid): void {
  const { body } = dialog(grid, grid.text('keys'))
  const list = el('dl', 'jg-keys')
  for (const [keys, key] of KEYS) {
    const term = el('dt')
    for (const one of keys) term.append(el('kbd', '', one), ' ')
    list.append(term, el('dd', '', grid.text(key)))
  }
  body.append(list)
}

interface Line { at: string; by: string; device: string; field: string; old: string; new: string; reason: string }

/** Who changed this cell, when, from where, from what to what, and why. */
export async function openHistory(grid: Grid, place: Place): Promise<void> {
  const column = grid.column(place)
  const { box, body } = dialog(grid, grid.nameOf(place))
  box.addEventListener('close', () => grid.td(place)?.focus())
  const query = new URLSearchParams({ lesson: column.lesson, pupil: grid.pupil(place).id, kind: column.kind })
  await fill(grid, body, `${grid.props.historyUrl}?${query}`, (found: { items: Line[] }) => {
    if (found.items.length === 0) return grid.text('noHistory')
    const list = el('ol', 'jg-history')
    for (const item of found.items) {
      const line = el('li')
      const when = el('time')
      when.dateTime = item.at
      when.textContent = moment(item.at)
      const field = (['comment', 'voice'] as const).find((one) => item.field.startsWith(one))
      const what = field ? `${grid.text(field === 'voice' ? 'recording' : field)}: ` : ''
      line.append(when, ` · ${item.by}: ${what}${item.old || grid.text('empty')} → ${item.new || grid.text('empty')}`)
      const more = [item.reason, item.device].filter(Boolean).join(' · ')
      if (more) line.append(el('small', '', more))
      list.append(line)
    }
    return list
  })
}

interface Needed { name: string; now: string; works: { mark: string; text: string }[]; note: string }

/** What the pupil still needs for the next marks, counted by the rules of the school. */
export async function openNeeded(grid: Grid, place: Place): Promise<void> {
  const { box, body } = dialog(grid, grid.text('neededTitle', { name: grid.pupil(place).name }))
  box.addEventListener('close', () => grid.td(place)?.focus())
  const period = grid.props.columns.find((column) => column.kind === 'period')?.lesson ?? ''
  const query = new URLSearchParams({ period, pupil: grid.pupil(place).id })
  await fill(grid, body, `${grid.props.neededUrl}?${query}`, (found: Needed) => {
    const list = el('dl', 'jg-needed')
    const line = (head: string, text: string) => list.append(el('dt', '', head), el('dd', '', text))
    if (found.now) line(grid.text('neededNow'), found.now)
    for (const one of found.works) line(grid.text('neededFor', { mark: one.mark }), one.text)
    const parts = document.createDocumentFragment()
    parts.append(list, el('p', 'muted', found.note))
    return parts
  })
}

/** Ask the server and show what it says, or that it cannot be reached. */
async function fill<T>(grid: Grid, body: HTMLElement, url: string, draw: (found: T) => Node | string): Promise<void> {
  body.textContent = grid.text('loading')
  try {
    const response = await fetch(url, { headers: { Accept: 'application/json' } })
    if (!response.ok) throw new Error(String(response.status))
    body.replaceChildren(draw((await response.json()) as T))
  } catch {
    body.textContent = grid.text('noConnection')
  }
}

/** The words go and a recording stands beside them: the person says whether it goes too. It cannot be got back. */
function askOfRecording(grid: Grid, foot: HTMLElement, recorder: Recorder, kept: Voice, write: () => void): void {
  const said = el('p', 'dialog-said')
  said.setAttribute('role', 'status')
  said.textContent = grid.text('recordingToo')
  const both = button(grid.text('deleteBoth'), () => void recorder.takeBack(kept, both).then((gone) => { if (gone) write() }), 'btn btn-danger')
  both.disabled = !navigator.onLine
  foot.replaceChildren(said, both, button(grid.text('keepRecording'), write))
  both.focus()
}

const LONGEST = 500
const SOON = 50 // from here on the letters left are told

/** Words for the pupil and the parents beside the mark. What was begun and not saved is there when the window opens again. */
export function openComment(grid: Grid, drafts: Map<string, string>, place: Place, back?: () => void): void {
  const column = grid.column(place)
  const lock = grid.lockOf(place)
  const { voiceUrl } = grid.props
  const recorder = voiceUrl ? new Recorder(grid, place, voiceUrl) : null
  const { box, body } = dialog(grid, grid.nameOf(place), () => recorder?.mayClose() ?? true)
  box.addEventListener('close', () => {
    recorder?.close()
    if (back) back()
    else grid.td(place)?.focus()
  })
  const stands = grid.cell(place).comment ?? ''
  const key = `${column.kind}:${column.lesson}:${grid.pupil(place).id}`
  const hint = el('p', 'muted')
  if (lock) {
    const words = el('p', '', stands || (grid.voice(place) ? '' : grid.text('noComment')))
    hint.textContent = lock
    body.append(words)
    if (recorder && grid.voice(place)) body.append(recorder.root)
    body.append(hint)
    return
  }
  const form = el('form')
  const area = el('textarea', 'form-control')
  area.rows = 4
  area.maxLength = LONGEST
  area.value = grid.refusedComment(place) ?? drafts.get(key) ?? stands
  area.setAttribute('aria-label', grid.text('comment'))
  const left = el('p', 'muted')
  left.setAttribute('aria-live', 'polite')
  hint.textContent = grid.text('commentFor')
  const count = () => {
    const rest = LONGEST - area.value.length
    left.textContent = rest <= SOON ? grid.text('lettersLeft', { count: rest }) : ''
  }
  area.addEventListener('input', () => {
    drafts.set(key, area.value)
    count()
  })
  area.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit()
  })
  const foot = el('div', 'dialog-foot')
  const save = el('button', 'btn btn-primary', grid.text('save'))
  foot.append(save)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const words = area.value.replace(/\s+$/u, '').trimStart() || null
    const write = () => {
      drafts.delete(key)
      grid.apply([{ place, value: { comment: words } }])
      if (recorder?.mayClose() ?? true) box.close()
    }
    const kept = grid.voice(place)
    if (words === null && stands && kept && recorder) askOfRecording(grid, foot, recorder, kept, write)
    else write()
  })
  form.append(area, left, hint)
  body.append(form, ...(recorder ? [recorder.root] : []))
  form.id = 'jg-comment'
  save.setAttribute('form', form.id)
  box.append(foot)
  count()
  area.focus()
  area.setSelectionRange(area.value.length, area.value.length)
}
