import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { mount } from '../../../../modules/journal/islands/journal-grid'
import { columnsOf, pupilsOf } from '../../../../modules/journal/islands/journal/heads'
import type { Given, Operation, Result } from '../../../../modules/journal/islands/journal/types'

const PUPILS = ['Ахметова Әлия', 'Божко Ирина', 'Ұзақбай Жансая']
let course = 0
let sent: Operation[]
let reply: (operation: Operation) => Partial<Result>
let table: HTMLTableElement

function props(): Given {
  return {
    course: `c${++course}`, owner: 'aigul', saveUrl: '/save', historyUrl: '/history', neededUrl: '/needed', signInUrl: '/in', language: 'kk', today: '2026-09-02',
    absence: [{ code: 'unexcused', letter: 'ж', label: 'жоқ' }, { code: 'late', letter: 'к', label: 'кешікті' }],
    strings: {
      undoLeft: 'left {count}: {cells}', comment: 'comment', save: 'save', onlyEmpty: 'only empty', viewWeek: 'week {days}',
      pasteWrite: 'paste {count}', pasteNothing: 'nothing', pasteFault: '{cell}: {typed} {why}', pasteReplace: '{cell}: {old}>{new}',
      pasteBelow: 'below', pasteNobody: 'nobody', pasteLine: 'line {line}', whoIsAbsent: 'who', absentSaved: 'absent {count}/{total}',
      aboveMax: 'max {max}', decision: '{cell} {mine}/{theirs} {by}', refusal: '{cell}: {mine}. {why}', markOfAbsent: 'both', keepRecording: 'only words', deleteBoth: 'both', marked: 'marked {done}/{total}', mean: 'mean {mean}',
    },
  }
}

const HEADS = [
  '<th data-kind="fo" data-lesson="l0" data-day="2026-09-01" data-min="1" data-max="10">01.09</th>',
  '<th data-kind="sor" data-lesson="l1" data-day="2026-09-02" data-min="0" data-max="20">02.09<small>БЖБ/20</small></th>',
  '<th data-kind="fo" data-lesson="l2" data-day="2026-09-03" data-min="1" data-max="10" data-locked="Жабық">03.09</th>',
]
const td = (row: number, col: number) => table.tBodies[0]!.rows[row]!.cells[col + 1]!
const text = (row: number, col: number) => td(row, col).textContent
const press = (key: string, code = '', more: KeyboardEventInit = {}) =>
  document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key, code, bubbles: true, cancelable: true, ...more }))
const digit = (value: string) => press(value, `Digit${value}`)
const settled = () => vi.waitFor(() => expect(table.querySelector('.jg-queued, .jg-typing')).toBeNull())

beforeEach(() => {
  const row = (name: string, index: number) =>
    `<tr data-pupil="p${index}"><th scope="row"><span>${index + 1}</span> ${name}</th><td data-v="1"${index ? '' : ' tabindex="0"'}>${index + 4}</td><td></td><td>3</td><td data-summary="percent"></td></tr>`
  document.body.innerHTML = `<div data-journal><div data-journal-bar></div><div><table role="grid"><thead><tr><th></th>${HEADS.join('')}<th data-summary="percent"></th></tr></thead><tbody>${PUPILS.map(row).join('')}</tbody></table></div></div>`
  table = document.querySelector('table')!
  sent = []
  reply = (operation) => ({ status: 'ok', value: operation.new, version: operation.version + 1, summary: { percent: '78' } })
  HTMLElement.prototype.scrollIntoView = () => undefined
  // jsdom knows dialogs and does not open them.
  HTMLDialogElement.prototype.showModal = function () { this.open = true }
  HTMLDialogElement.prototype.close = function () {
    this.open = false
    this.dispatchEvent(new Event('close'))
  }
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }))
  vi.stubGlobal('fetch', (_url: string, init: RequestInit) => {
    const { operations } = JSON.parse(String(init.body)) as { operations: Operation[] }
    sent.push(...operations)
    return Promise.resolve(Response.json({ results: operations.map((one) => ({ id: one.id, ...reply(one) })) }))
  })
  mount(table, props())
  td(0, 0).focus()
})
afterEach(() => vi.unstubAllGlobals())

describe('what the table says', () => {
  it('is read from the heads of columns and rows', () => {
    expect(columnsOf(table)).toEqual([
      { lesson: 'l0', kind: 'fo', min: 1, max: 10, locked: '', date: '2026-09-01', label: '01.09', absence: true },
      { lesson: 'l1', kind: 'sor', min: 0, max: 20, locked: '', date: '2026-09-02', label: '02.09 БЖБ/20', absence: false },
      { lesson: 'l2', kind: 'fo', min: 1, max: 10, locked: 'Жабық', date: '2026-09-03', label: '03.09', absence: true },
    ])
    const known = PUPILS.map((name, index) => ({ id: `p${index}`, name, note: '' }))
    expect(pupilsOf(table)).toEqual(known)
    table.tBodies[0]!.rows[1]!.cells[0]!.insertAdjacentHTML('beforeend', '<small title="келді">аттестатталмайды</small>')
    known[1]!.note = 'аттестатталмайды'
    expect(pupilsOf(table)).toEqual(known)
  })
})

describe('typing', () => {
  it('has one Tab stop: the cell that the page names, else the first of the newest lesson', () => {
    expect([...table.querySelectorAll('td[tabindex="0"]')]).toEqual([td(0, 0)])
    td(0, 0).removeAttribute('tabindex')
    mount(table, props())
    expect([...table.querySelectorAll('td[tabindex="0"]')]).toEqual([td(0, 1)])
  })

  it('saves the value with what it was before, and goes down with Enter', async () => {
    digit('9')
    press('Enter')
    expect(text(0, 0)).toContain('9')
    expect(document.activeElement).toBe(td(1, 0))
    await settled()
    expect(sent).toMatchObject([{ lesson: 'l0', pupil: 'p0', field: 'points', old: 4, new: 9, version: 1 }])
    expect(td(0, 0).parentElement!.querySelector('[data-summary]')!.textContent).toBe('78')
  })

  it('waits for the second digit of ten', async () => {
    digit('1')
    digit('0')
    press('Tab')
    await settled()
    expect(sent).toMatchObject([{ new: 10 }])
    expect(document.activeElement).toBe(td(0, 1))
  })

  it('lets a single digit count after a moment', async () => {
    digit('1')
    await vi.waitFor(() => expect(sent).toMatchObject([{ new: 1 }]), { timeout: 2000 })
  })

  it('makes ten of a 1 that has counted and a slow 0', async () => {
    digit('1')
    await vi.waitFor(() => expect(sent).toMatchObject([{ new: 1 }]), { timeout: 2000 })
    digit('0')
    press('Enter')
    await settled()
    expect(text(0, 0)).toBe('10')
    expect(sent.at(-1)).toMatchObject({ old: 1, new: 10 })
  })

  it('waits longer for the second digit of points', async () => {
    press('ArrowRight')
    digit('1')
    await new Promise((done) => setTimeout(done, 900))
    digit('7')
    press('Enter')
    await settled()
    expect(sent).toMatchObject([{ kind: 'sor', new: 17 }])
  })

  it('tells when a mark stands beside an absence, and keeps both', async () => {
    press('ж', 'Semicolon')
    await settled()
    expect(text(0, 0)).toBe('4 ж')
    expect(document.querySelector('.jg-words')!.textContent).toBe('both')
  })

  it('says under the grid how the class stands at the lesson, and follows the person and the marks', async () => {
    const foot = () => document.querySelector('.jg-foot')!.textContent
    press('Home')
    expect(foot()).toContain('marked 3/3 · mean 5,0')
    digit('9')
    press('Enter')
    await settled()
    expect(foot()).toContain('mean 6,7') // 9, 5, 6
    press('ArrowRight')
    expect(foot()).toContain('02.09')
    expect(foot()).toContain('marked 0/3')
  })

  it('keeps a value above the maximum in its cell, marked, unsent, and Esc brings the old one back', () => {
    digit('3')
    digit('5')
    press('Enter')
    expect(td(0, 0).classList).toContain('jg-refused')
    expect(td(0, 0).querySelector('sup')!.title).toBe('max 10')
    expect(text(0, 0)).toContain('35')
    press('ArrowUp')
    press('Escape')
    expect(text(0, 0)).toBe('4')
    expect(sent).toEqual([])
  })

  it('sets an absence beside the mark', async () => {
    press('к', 'KeyR')
    await settled()
    expect(text(0, 0)).toBe('4 к')
    expect(sent).toMatchObject([{ field: 'absence', old: null, new: 'late', version: 0 }])
  })

  it('says why a closed cell takes nothing, and leaves it as it was', () => {
    press('End')
    digit('5')
    press('Enter')
    expect(text(0, 2)).toBe('3')
    expect(document.querySelector('.jg-words')!.textContent).toBe('Жабық')
  })

  it('clears with Delete, takes back and repeats', async () => {
    press('Delete')
    await settled()
    expect(text(0, 0)).toBe('')
    press('z', 'KeyZ', { ctrlKey: true })
    await settled()
    expect(text(0, 0)).toBe('4')
    press('y', 'KeyY', { ctrlKey: true })
    await settled()
    expect(text(0, 0)).toBe('')
    expect(sent.map((one) => [one.old, one.new, one.version])).toEqual([[4, null, 1], [null, 4, 2], [4, null, 3]])
  })

  it('fills the empty cells below', async () => {
    press('ArrowRight')
    digit('1')
    digit('7')
    press('d', 'KeyD', { ctrlKey: true })
    await settled()
    expect([text(0, 1), text(1, 1), text(2, 1)]).toEqual(['17', '17', '17'])
  })

  it('lets Tab leave the table at the end of the row', () => {
    press('End')
    const event = new KeyboardEvent('keydown', { key: 'Tab', bubbles: true, cancelable: true })
    document.activeElement!.dispatchEvent(event)
    expect(event.defaultPrevented).toBe(false)
  })
})

const paste = (block: string) => {
  const event = new Event('paste', { bubbles: true, cancelable: true })
  Object.defineProperty(event, 'clipboardData', { value: { getData: () => block } })
  document.activeElement!.dispatchEvent(event)
}
const dialog = () => document.querySelector('dialog')
const answer = (label: string) => [...dialog()!.querySelectorAll('button')].find((one) => one.textContent === label)!.click()
const words = () => document.querySelector('.jg-words')!.textContent
const ctrl = (letter: string) => press(letter, `Key${letter.toUpperCase()}`, { ctrlKey: true })

describe('a block from a spreadsheet', () => {
  it('goes into empty cells at once, in one message, as one step', async () => {
    press('ArrowRight')
    const messages = vi.spyOn(globalThis, 'fetch')
    paste('17\n0\n20\n')
    expect(dialog()).toBeNull()
    await settled()
    expect([text(0, 1), text(1, 1), text(2, 1)]).toEqual(['17', '0', '20'])
    expect(messages).toHaveBeenCalledTimes(1)
    expect(new Set(sent.map((one) => one.id)).size).toBe(3)
    ctrl('z')
    await settled()
    expect([text(0, 1), text(1, 1), text(2, 1)]).toEqual(['', '', ''])
  })

  it('is told cell by cell before anything is written: what does not fit, and what would be replaced', async () => {
    paste('5\t20\n6\t21\n6\n9\n')
    const said = dialog()!.textContent
    expect(said).toContain('Божко Ирина, 02.09 БЖБ/20: 21 max 20')
    expect(said).toContain('line 4: 9 below')
    expect(said).toContain('Ахметова Әлия, 01.09: 4>5')
    expect(said).toContain('Божко Ирина, 01.09: 5>6')
    expect(text(0, 0)).toBe('4')
    expect(sent).toEqual([])
    answer('paste 3')
    await settled()
    expect([text(0, 0), text(0, 1), text(1, 0)]).toEqual(['5', '20', '6'])
    expect(td(1, 1).classList).toContain('jg-refused') // it stays in its cell to be mended
    expect(text(1, 1)).toContain('21')
    ctrl('z')
    await settled()
    expect([text(0, 0), text(0, 1), text(1, 0)]).toEqual(['4', '', '5'])
    expect(td(1, 1).classList).not.toContain('jg-refused')
  })

  it('changes nothing when the person thinks better of it', () => {
    paste('9\n9\n')
    answer('nothing')
    expect([text(0, 0), text(1, 0)]).toEqual(['4', '5'])
    expect(dialog()).toBeNull()
    expect(sent).toEqual([])
  })

  it('says of a closed column that it is closed, and writes nothing there', () => {
    press('End')
    paste('5')
    expect(dialog()!.textContent).toContain('Ахметова Әлия, 03.09: 5 Жабық')
    expect([...dialog()!.querySelectorAll('button')].map((one) => one.textContent)).not.toContain('paste 1')
  })

  it('finds the pupils by their names, in whatever order the sheet has them', async () => {
    press('ArrowRight')
    paste('Ұзақбай Жансая Ерланқызы\t19\nахметова  әлия\t12\nБілмеймін Кім\t7\n')
    expect([...dialog()!.querySelectorAll('li')].map((one) => one.textContent)).toEqual(['Білмеймін Кім: 7 nobody'])
    answer('paste 2')
    await settled()
    expect([text(0, 1), text(1, 1), text(2, 1)]).toEqual(['12', '', '19'])
  })

  it('puts one value into every cell that is chosen', async () => {
    press('ArrowRight')
    press('ArrowDown', '', { shiftKey: true })
    press('ArrowDown', '', { shiftKey: true })
    paste('12')
    await settled()
    expect([text(0, 1), text(1, 1), text(2, 1)]).toEqual(['12', '12', '12'])
  })
})

describe('several cells', () => {
  const mouse = (kind: string, target: Element, more: MouseEventInit = {}) =>
    target.dispatchEvent(new MouseEvent(kind, { bubbles: true, cancelable: true, ...more }))

  it('are chosen by dragging over them, and cleared together', async () => {
    mouse('mousedown', td(0, 0))
    mouse('mouseover', td(1, 0), { buttons: 1 })
    mouse('mouseover', td(2, 0), { buttons: 1 })
    mouse('mouseup', td(2, 0))
    mouse('mouseover', td(0, 1)) // the button is up: nothing more is chosen
    expect([...table.querySelectorAll('[aria-selected]')]).toEqual([td(0, 0), td(1, 0), td(2, 0)])
    press('Delete')
    await settled()
    expect([text(0, 0), text(1, 0), text(2, 0)]).toEqual(['', '', ''])
    expect(sent).toHaveLength(3)
  })

  it('offer what can be done with them under the right button', async () => {
    mouse('contextmenu', td(1, 1), { clientX: 5, clientY: 5 })
    const menu = document.querySelector('.jg-menu')!
    expect(menu.getAttribute('aria-label')).toBe('Божко Ирина, 02.09 БЖБ/20')
    expect(document.activeElement).toBe(menu.querySelector('button'))
    press('Escape')
    expect(document.querySelector('.jg-menu')).toBeNull()
    expect(document.activeElement).toBe(td(1, 1))
  })
})

const kept = async (): Promise<unknown> => {
  await new Promise((done) => setTimeout(done, 50)) // the browser's storage has been written
  return undefined
}
/** The page again, for the same person and journal, with what the server has now. */
async function reload(same: Given, cells: string[], version?: number): Promise<void> {
  const body = table.tBodies[0]!
  const fresh = body.cloneNode(true) as HTMLTableSectionElement
  for (const one of fresh.querySelectorAll('td')) one.removeAttribute('tabindex')
  fresh.rows[0]!.cells[1]!.tabIndex = 0
  cells.forEach((value, row) => { fresh.rows[row]!.cells[1]!.textContent = value })
  if (version) fresh.rows[0]!.cells[1]!.dataset.v = String(version)
  document.querySelector('[data-journal]')!.innerHTML = '<div data-journal-bar></div><div></div>'
  const again = table.cloneNode(false) as HTMLTableElement
  again.append(table.tHead!.cloneNode(true), fresh)
  document.querySelector('[data-journal]')!.lastElementChild!.append(again)
  table = again
  mount(table, same)
  td(0, 0).focus()
  await kept()
}

describe('steps that outlive the page', () => {
  it('are undone after a reload, and done again', async () => {
    const same = props()
    await reload(same, ['4', '5', '6'])
    digit('9')
    press('Enter')
    await settled()
    await kept()
    await reload(same, ['9', '5', '6'])
    ctrl('z')
    await settled()
    expect(text(0, 0)).toBe('4')
    expect(sent.at(-1)).toMatchObject({ lesson: 'l0', pupil: 'p0', old: 9, new: 4 })
    await kept()
    await reload(same, ['4', '5', '6'])
    ctrl('y')
    await settled()
    expect(text(0, 0)).toBe('9')
  })

  it('leave what somebody else changed meanwhile, and say so', async () => {
    const same = props()
    await reload(same, ['4', '5', '6'])
    press('Delete')
    await settled()
    await kept()
    await reload(same, ['7', '5', '6'], 3) // a colleague put a 7 where the mark was cleared
    const before = sent.length
    ctrl('z')
    await kept()
    expect(text(0, 0)).toBe('7')
    expect(words()).toBe('left 1: Ахметова Әлия, 01.09')
    expect(sent).toHaveLength(before)
  })

  it('keep another journal and another person apart', async () => {
    const same = props()
    await reload(same, ['4', '5', '6'])
    digit('9')
    press('Enter')
    await settled()
    await kept()
    await reload({ ...same, owner: 'bolat' }, ['9', '5', '6'])
    ctrl('z')
    expect(text(0, 0)).toBe('9')
  })
})

describe('a pupil without marks', () => {
  beforeEach(() => {
    for (const one of [td(1, 0), td(1, 1)]) one.dataset.noPoints = 'own programme'
  })

  it('has cells that take an absence and no points, and say why', async () => {
    press('ArrowDown')
    digit('7')
    press('Enter')
    expect(td(1, 0).querySelector('sup')?.title).toBe('own programme')
    expect(sent).toEqual([])
    press('ArrowUp')
    press('ж', 'Semicolon')
    await vi.waitFor(() => expect(sent).toMatchObject([{ field: 'absence', new: 'unexcused', pupil: 'p1' }]))
  })

  it('is left out when marks are filled down', async () => {
    press('ArrowRight')
    digit('9')
    press('Enter')
    press('ArrowUp')
    ctrl('d')
    await settled()
    expect(sent.map((one) => one.pupil)).toEqual(['p0', 'p2'])
  })
})

describe('a comment', () => {
  const area = () => dialog()!.querySelector('textarea')!

  it('is written with Space, saved as a field of its own, and marked in the cell', async () => {
    press(' ', 'Space')
    area().value = '  Есепті толық шығарды.\n'
    dialog()!.querySelector('form')!.requestSubmit()
    await settled()
    expect(sent).toMatchObject([{ field: 'comment', old: null, new: 'Есепті толық шығарды.', version: 0 }])
    expect(text(0, 0)).toBe('4')
    expect(td(0, 0).classList).toContain('jg-noted')
    expect(td(0, 0).title).toBe('Есепті толық шығарды.')
    ctrl('z')
    await settled()
    expect(td(0, 0).classList).not.toContain('jg-noted')
    expect(sent.at(-1)).toMatchObject({ field: 'comment', old: 'Есепті толық шығарды.', new: null, version: 1 })
  })

  it('that was begun is there when the window opens again', () => {
    press(' ', 'Space')
    area().value = 'Бастадым'
    area().dispatchEvent(new Event('input'))
    dialog()!.close()
    press(' ', 'Space')
    expect(area().value).toBe('Бастадым')
  })

  it('that the page brought can be changed from what it was', async () => {
    await reload({ ...props(), comments: [['l0', 'p0', 'fo', 3, 'Жарайсың']] }, ['4', '5', '6'])
    expect(td(0, 0).classList).toContain('jg-noted')
    press(' ', 'Space')
    expect(area().value).toBe('Жарайсың')
    area().value = ''
    dialog()!.querySelector('form')!.requestSubmit()
    await settled()
    expect(sent.at(-1)).toMatchObject({ field: 'comment', old: 'Жарайсың', new: null, version: 3 })
  })

  describe('beside a recording', () => {
    const button = (name: string) => [...dialog()!.querySelectorAll('button')].find((one) => one.textContent === name)!
    const urls: string[] = []
    const empty = async () => {
      await reload({ ...props(), comments: [['l0', 'p0', 'fo', 3, 'Жарайсың']], voices: [['l0', 'p0', 'fo', 'v1', 7]], voiceUrl: '/voices/' }, ['4', '5', '6'])
      const save = fetch
      vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
        urls.push(url)
        return url.startsWith('/voices/') ? Promise.resolve(Response.json({})) : save(url, init)
      })
      urls.length = 0
      press(' ', 'Space')
      area().value = ''
      dialog()!.querySelector('form')!.requestSubmit()
      expect(sent).toEqual([])
    }

    it('goes alone when the person says so', async () => {
      await empty()
      button('only words').click()
      await settled()
      expect(sent.at(-1)).toMatchObject({ field: 'comment', old: 'Жарайсың', new: null })
      expect(urls.some((url) => url.startsWith('/voices/'))).toBe(false)
      expect(td(0, 0).classList).toContain('jg-noted')
    })

    it('goes with it when the person says so', async () => {
      await empty()
      button('both').click()
      await vi.waitFor(() => expect(sent).toHaveLength(1))
      await settled()
      expect(urls[0]).toBe('/voices/v1/delete/')
      expect(td(0, 0).classList).not.toContain('jg-noted')
    })
  })

  it('that the server refuses is kept and comes back in the window; the mark stays as it is', async () => {
    reply = () => ({ status: 'locked', value: null, version: 0, message: 'Жабық' })
    press(' ', 'Space')
    area().value = 'Сөз'
    dialog()!.querySelector('form')!.requestSubmit()
    await vi.waitFor(() => expect(td(0, 0).classList).toContain('jg-refused'))
    expect(text(0, 0)).toContain('4')
    press(' ', 'Space')
    expect(area().value).toBe('Сөз')
  })

  it('of a closed cell is read only', () => {
    press('End')
    press(' ', 'Space')
    expect(dialog()!.querySelector('textarea')).toBeNull()
    expect(dialog()!.textContent).toContain('Жабық')
  })
})

describe('what is in sight', () => {
  const select = () => document.querySelector<HTMLSelectElement>('.jg-views select')!
  const view = (value: string) => {
    select().value = value
    select().dispatchEvent(new Event('change'))
  }
  const only = () => document.querySelector<HTMLButtonElement>('.jg-views button')!
  const seen = (col: number) => !td(0, col).hidden && !table.tHead!.rows[0]!.cells[col + 1]!.hidden

  it('is the period, a week of it, or works alone', () => {
    expect([...select().options].map((one) => one.text)).toContain('week 01.09 – 03.09')
    view('works')
    expect([0, 1, 2].map(seen)).toEqual([false, true, false])
    view('period')
    expect([0, 1, 2].map(seen)).toEqual([true, true, true])
  })

  it('moves keys over what is hidden', () => {
    view('works')
    press('Home')
    expect(document.activeElement).toBe(td(0, 1))
    press('ArrowRight')
    expect(document.activeElement).toBe(td(0, 1))
  })

  it('can be only the pupils who have nothing at the lesson; a row stays while it is being filled', async () => {
    press('ArrowRight')
    digit('7')
    press('Enter')
    await settled()
    only().click()
    expect([0, 1, 2].map((row) => table.tBodies[0]!.rows[row]!.hidden)).toEqual([true, false, false])
    expect(document.activeElement).toBe(td(1, 1))
    paste('11\n12')
    await settled()
    expect([text(0, 1), text(1, 1), text(2, 1)]).toEqual(['7', '11', '12'])
    expect(table.tBodies[0]!.rows[1]!.hidden).toBe(false)
    only().click()
    expect(table.tBodies[0]!.rows[0]!.hidden).toBe(false)
  })
})

describe('a conflict', () => {
  it('shows theirs in the cell and both in the strip; mine can be sent again from their version', async () => {
    reply = () => ({ status: 'conflict', value: 5, version: 7, by: 'Ермек А.' })
    digit('9')
    press('Enter')
    await vi.waitFor(() => expect(td(0, 0).classList).toContain('jg-conflict'))
    expect(text(0, 0)).toContain('5')
    const strip = document.querySelector('.jg-decisions')!
    expect(strip.textContent).toContain('Ахметова Әлия, 01.09 9/5 Ермек А.')
    reply = (operation) => ({ status: 'ok', value: operation.new, version: operation.version + 1 })
    strip.querySelectorAll<HTMLButtonElement>('li button')[1]!.click()
    await settled()
    expect(sent.at(-1)).toMatchObject({ old: 5, new: 9, version: 7 })
    expect(text(0, 0)).toBe('9')
    expect((strip as HTMLElement).hidden).toBe(true)
  })

  it('is settled by keeping theirs', async () => {
    reply = () => ({ status: 'conflict', value: 5, version: 7 })
    digit('9')
    press('Enter')
    await vi.waitFor(() => expect(td(0, 0).classList).toContain('jg-conflict'))
    document.querySelector<HTMLButtonElement>('.jg-decisions li button')!.click()
    expect(text(0, 0)).toBe('5')
    expect(td(0, 0).className).toBe('')
    expect(sent).toHaveLength(1)
  })
})

describe('the phone', () => {
  const key = (label: string) =>
    [...document.querySelectorAll<HTMLButtonElement>('.jg-key')].find((one) => one.textContent === label)!.click()
  const choose = (col: number) => {
    const select = document.querySelector<HTMLSelectElement>('.jg-lesson select')!
    select.value = String(col)
    select.dispatchEvent(new Event('change'))
  }

  beforeEach(() => {
    Element.prototype.scrollIntoView = () => undefined // jsdom lays nothing out
    const turn = [...document.querySelectorAll<HTMLButtonElement>('.jg-tools button')].at(-1)!
    turn.click()
    choose(0)
  })

  it('goes on to the next pupil after one tap', async () => {
    key('7')
    key('8')
    await settled()
    expect([text(0, 0), text(1, 0)]).toEqual(['7', '8'])
    expect(document.querySelector('.jg-pupils [aria-current]')!.textContent).toContain(PUPILS[2])
  })

  it('writes who is absent in one message: a tap is absent, the next ones say why', async () => {
    const button = (label: string) => [...document.querySelectorAll<HTMLButtonElement>('.jg-lesson button')].find((one) => one.textContent === label)!
    const tiles = () => [...document.querySelectorAll<HTMLButtonElement>('.jg-tile')]
    button('who').click()
    const messages = vi.spyOn(globalThis, 'fetch')
    tiles()[0]!.click()
    tiles()[2]!.click()
    for (let taps = 0; taps < 4; taps++) tiles()[1]!.click() // absent, ill, with a reason, late
    expect(tiles().map((one) => one.dataset.absence)).toEqual(['unexcused', 'late', 'unexcused'])
    tiles()[2]!.click()
    for (let taps = 0; taps < 3; taps++) tiles()[2]!.click() // round again: she is here after all
    expect(sent).toEqual([])
    document.querySelector<HTMLButtonElement>('.jg-absent-go button')!.click()
    await settled()
    expect(messages).toHaveBeenCalledTimes(1)
    expect(sent.map((one) => [one.pupil, one.field, one.old, one.new])).toEqual([['p0', 'absence', null, 'unexcused'], ['p1', 'absence', null, 'late']])
    expect(document.querySelector('.jg-words')!.textContent).toBe('absent 1/3')
    expect(document.querySelector<HTMLElement>('.jg-absent')!.hidden).toBe(true)
  })

  it('asks who is absent also at the work of the lesson, and writes it into the column that takes it', async () => {
    table.tHead!.rows[0]!.cells[2]!.dataset.lesson = 'l0' // the SOR is written at the first lesson
    await reload(props(), ['4', '5', '6'])
    ;[...document.querySelectorAll<HTMLButtonElement>('.jg-tools button')].at(-1)!.click()
    choose(1)
    ;[...document.querySelectorAll<HTMLButtonElement>('.jg-lesson button')].find((one) => one.textContent === 'who')!.click()
    document.querySelector<HTMLButtonElement>('.jg-tile')!.click()
    document.querySelector<HTMLButtonElement>('.jg-absent-go button')!.click()
    await settled()
    expect(sent).toMatchObject([{ lesson: 'l0', kind: 'fo', field: 'absence', new: 'unexcused' }])
    choose(2)
    expect([...document.querySelectorAll<HTMLButtonElement>('.jg-lesson button')].find((one) => one.textContent === 'who')!.hidden).toBe(true)
  })

  it('lets what was tapped count when the page is left without the press', async () => {
    ;[...document.querySelectorAll<HTMLButtonElement>('.jg-lesson button')].find((one) => one.textContent === 'who')!.click()
    document.querySelector<HTMLButtonElement>('.jg-tile')!.click()
    window.dispatchEvent(new Event('pagehide'))
    await vi.waitFor(() => expect(sent).toMatchObject([{ field: 'absence', new: 'unexcused' }]))
  })

  it('takes points of two digits, and lets the last pupil count without another tap', async () => {
    choose(1)
    key('1')
    key('7')
    expect(sent).toEqual([])
    await vi.waitFor(() => expect(sent).toMatchObject([{ kind: 'sor', new: 17 }]), { timeout: 3000 })
  })
})

describe('a copy of the page that the device kept', () => {
  it('shows what the server took since, and a newer page stands as it is', async () => {
    const same = props()
    await reload(same, ['4', '5', '6'])
    digit('9')
    press('Enter')
    await settled()
    await kept()
    await reload(same, ['4', '5', '6']) // the copy is from before
    expect(text(0, 0)).toBe('9')
    digit('8')
    press('Enter')
    await settled()
    expect(sent.at(-1)).toMatchObject({ old: 9, new: 8, version: 2 })
    await kept()
    await reload(same, ['3', '5', '6'], 7) // somebody else's, and the page knows it
    expect(text(0, 0)).toBe('3')
  })
})

describe('what the server does not take', () => {
  it('stands over the grid with the reason until it is put aside, and the others are sent', async () => {
    reply = (operation) => operation.pupil === 'p0'
      ? { status: 'locked', value: 4, version: 1, message: 'Кезең жабық' }
      : { status: 'ok', value: operation.new, version: 2 }
    digit('9')
    press('Enter')
    digit('8')
    press('Enter')
    await settled()
    const lines = () => [...document.querySelectorAll('.jg-decisions li')]
    await vi.waitFor(() => expect(lines().map((line) => line.firstChild!.textContent)).toEqual(['Ахметова Әлия, 01.09: 9. Кезең жабық']))
    expect(text(1, 0)).toBe('8')
    lines()[0]!.querySelector('button')!.click()
    expect(lines()).toEqual([])
    expect(text(0, 0)).toBe('4')
  })

  it('of another period is named, and mine goes out again from theirs', async () => {
    const same = props()
    reply = () => ({ status: 'conflict', value: 6, version: 5, by: 'Ермек' })
    await reload(same, ['4', '5', '6'])
    digit('9')
    press('Enter')
    await vi.waitFor(() => expect(table.querySelector('.jg-conflict')).not.toBeNull())
    await kept()
    table.tHead!.rows[0]!.cells[1]!.dataset.lesson = 'of-next-quarter'
    await reload(same, ['', '', ''])
    const line = () => document.querySelector('.jg-decisions li')
    expect(line()!.firstChild!.textContent).toBe('Ахметова Әлия, 01.09 9/6 Ермек')
    reply = (operation) => ({ status: 'ok', value: operation.new, version: 6 })
    line()!.querySelectorAll('button')[1]!.click()
    await vi.waitFor(() => expect(sent.at(-1)).toMatchObject({ lesson: 'l0', old: 6, new: 9, version: 5 }))
    expect(line()).toBeNull()
  })
})
