import { describe, expect, it } from 'vitest'
import { block, parse, show, stroke } from '../../../../modules/journal/islands/journal/parse'
import type { Column } from '../../../../modules/journal/islands/journal/types'

const fo = { kind: 'fo', max: 10 } as Column
const sor = { kind: 'sor', max: 20 } as Column
const period = { kind: 'period', max: 5 } as Column
const key = (code: string, pressed: string, shiftKey = false) => stroke({ code, key: pressed, shiftKey })

describe('what is typed', () => {
  it.each([
    ['7', fo, { points: 7 }],
    ['10', fo, { points: 10 }],
    [' 17/20 ', sor, { points: 17 }],
    ['0', sor, { points: 0 }],
    ['8,0', sor, { points: 8 }],
    ['н', fo, { absence: 'unexcused' }],
    ['Ж', fo, { absence: 'unexcused' }],
    ['д', fo, { absence: 'excused' }],
    ['о', fo, { absence: 'late' }],
    ['o', fo, { absence: 'late' }], // a Latin o
    ['5 к', fo, { points: 5, absence: 'late' }],
    ['', fo, { points: null, absence: null }],
  ])('%j is understood', (text, column, value) => {
    expect(parse(text, column)).toEqual({ ok: true, value })
  })

  it.each([
    ['11', fo, 'aboveMax'],
    ['21', sor, 'aboveMax'],
    ['0', fo, 'belowMin'],
    ['1', period, 'belowMin'],
    ['н', period, 'noAbsence'],
    ['пять', fo, 'unknown'],
    ['7.5', fo, 'unknown'],
    ['=A1', fo, 'unknown'],
  ])('%j is refused with the reason', (text, column, reason) => {
    expect(parse(text, column)).toEqual({ ok: false, reason })
  })

  it('takes no points in a journal without marks, and absences as ever', () => {
    const unmarked = { ...fo, points: false }
    for (const text of ['7', '0', '5 о']) expect(parse(text, unmarked)).toEqual({ ok: false, reason: 'noPoints' })
    expect(parse('о', unmarked)).toEqual({ ok: true, value: { absence: 'late' } })
    expect(parse('', unmarked)).toEqual({ ok: true, value: { points: null, absence: null } })
  })

  it('shows a mark and an absence as the server writes them', () => {
    const letters = [{ code: 'late' as const, letter: 'к' }]
    expect(show({ points: 5, absence: 'late' }, letters)).toBe('5 к')
    expect(show({ points: null, absence: null }, letters)).toBe('')
  })

  it('reads a block of Excel with its last line break', () => {
    expect(block('5\t6\r\n7\t\r\n')).toEqual([['5', '6'], ['7', '']])
  })
})

describe('keys mean the same in every layout', () => {
  it('takes digits of the upper row although the Kazakh layout types letters there', () => {
    expect(key('Digit2', 'ә')).toEqual({ digit: '2' })
    expect(key('Digit0', 'қ')).toEqual({ digit: '0' })
    expect(key('Numpad7', '7')).toEqual({ digit: '7' })
  })

  it('takes no digit with Shift, which types signs', () => {
    expect(key('Digit5', '%', true)).toBeNull()
  })

  it('takes Russian and Kazakh letters', () => {
    expect(key('KeyY', 'н')).toEqual({ absence: 'unexcused' })
    expect(key('Semicolon', 'ж')).toEqual({ absence: 'unexcused' })
    expect(key('KeyL', 'Д')).toEqual({ absence: 'excused' })
    expect(key('KeyR', 'к')).toEqual({ absence: 'late' })
  })

  it('takes the same physical keys under a Latin layout', () => {
    expect(key('KeyY', 'y')).toEqual({ absence: 'unexcused' })
    expect(key('Comma', ',')).toEqual({ absence: 'ill' })
    expect(key('KeyJ', 'j')).toEqual({ absence: 'late' })
  })

  it('takes Latin look-alikes where the place means nothing', () => {
    expect(key('KeyA', 'a')).toEqual({ absence: 'ill' })
    expect(key('KeyO', 'o')).toEqual({ absence: 'late' })
  })

  it('refuses other letters', () => {
    expect(key('KeyZ', 'я')).toBeNull()
    expect(key('KeyZ', 'z')).toBeNull()
  })
})
