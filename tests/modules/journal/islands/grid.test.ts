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
    course: `c${++course}`, owner: 'aigul', saveUrl: '/save', historyUrl: '/history', signInUrl: '/in', language: 'kk', today: '2026-09-02',
    absence: [{ code: 'unexcused', letter: 'ж', label: 'жоқ' }, { code: 'late', letter: 'к', label: 'кешікті' }],
    strings: { aboveMax: 'max {max}', decision: '{cell} {mine}/{theirs} {by}', markOfAbsent: 'both', marked: 'marked {done}/{total}', mean: 'mean {mean}' },
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

  it('takes a block from a spreadsheet as one step', async () => {
    const data = { getData: () => '5\t20\n6\t21\n' }
    const event = new Event('paste', { bubbles: true, cancelable: true })
    Object.defineProperty(event, 'clipboardData', { value: data })
    td(0, 0).dispatchEvent(event)
    await settled()
    expect([text(0, 0), text(0, 1), text(1, 0)]).toEqual(['5', '20', '6'])
    expect(td(1, 1).classList).toContain('jg-refused')
    press('z', 'KeyZ', { ctrlKey: true })
    await settled()
    expect([text(0, 0), text(0, 1), text(1, 0)]).toEqual(['4', '', '5'])
    expect(td(1, 1).classList).not.toContain('jg-refused') // what the paste left marked goes with it
  })

  it('lets Tab leave the table at the end of the row', () => {
    press('End')
    const event = new KeyboardEvent('keydown', { key: 'Tab', bubbles: true, cancelable: true })
    document.activeElement!.dispatchEvent(event)
    expect(event.defaultPrevented).toBe(false)
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

  it('takes points of two digits, and lets the last pupil count without another tap', async () => {
    choose(1)
    key('1')
    key('7')
    expect(sent).toEqual([])
    await vi.waitFor(() => expect(sent).toMatchObject([{ kind: 'sor', new: 17 }]), { timeout: 3000 })
  })
})
