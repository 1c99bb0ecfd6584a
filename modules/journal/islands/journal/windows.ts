import type { Grid, Place } from './grid'
import { moment } from './time'

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
  [['Alt+C'], 'keyHistory'],
  [['?'], 'keyKeys'],
]

function dialog(grid: Grid, title: string): { box: HTMLDialogElement; body: HTMLElement } {
  const box = document.createElement('dialog')
  box.className = 'modal-box'
  box.setAttribute('aria-label', title)
  const head = document.createElement('div')
  head.className = 'dialog-head'
  const heading = document.createElement('h2')
  heading.textContent = title
  const close = document.createElement('button')
  close.type = 'button'
  close.className = 'icon-btn'
  close.textContent = '✕'
  close.setAttribute('aria-label', grid.text('close'))
  close.addEventListener('click', () => box.close())
  head.append(heading, close)
  const body = document.createElement('div')
  body.className = 'dialog-body'
  box.append(head, body)
  box.addEventListener('close', () => box.remove())
  document.body.append(box)
  box.showModal()
  return { box, body }
}

export function openKeys(grid: Grid): void {
  const { body } = dialog(grid, grid.text('keys'))
  const list = document.createElement('dl')
  list.className = 'jg-keys'
  for (const [keys, key] of KEYS) {
    const term = document.createElement('dt')
    for (const one of keys) {
      const kbd = document.createElement('kbd')
      kbd.textContent = one
      term.append(kbd, ' ')
    }
    const meaning = document.createElement('dd')
    meaning.textContent = grid.text(key)
    list.append(term, meaning)
  }
  body.append(list)
}

interface Line { at: string; by: string; field: string; old: string; new: string }

/** Who changed this cell, when, from what to what. */
export async function openHistory(grid: Grid, place: Place): Promise<void> {
  const column = grid.column(place)
  const pupil = grid.pupil(place)
  const { box, body } = dialog(grid, `${pupil.name}, ${column.label}`)
  box.addEventListener('close', () => grid.td(place)?.focus())
  body.textContent = grid.text('loading')
  const query = new URLSearchParams({ lesson: column.lesson, pupil: pupil.id, kind: column.kind })
  try {
    const response = await fetch(`${grid.props.historyUrl}?${query}`, { headers: { Accept: 'application/json' } })
    if (!response.ok) throw new Error(String(response.status))
    const { items } = (await response.json()) as { items: Line[] }
    if (items.length === 0) {
      body.textContent = grid.text('noHistory')
      return
    }
    const list = document.createElement('ol')
    list.className = 'jg-history'
    for (const item of items) {
      const line = document.createElement('li')
      const when = document.createElement('time')
      when.dateTime = item.at
      when.textContent = moment(item.at)
      line.append(when, ` · ${item.by}: ${item.old || grid.text('empty')} → ${item.new || grid.text('empty')}`)
      list.append(line)
    }
    body.replaceChildren(list)
  } catch {
    body.textContent = grid.text('noConnection')
  }
}
