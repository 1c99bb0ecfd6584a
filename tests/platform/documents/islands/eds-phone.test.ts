import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { mount } from '../../../../platform/documents/islands/eds-phone'

const words = ['show', 'anew', 'how', 'square', 'here', 'waiting', 'read', 'expired', 'offline'] as const
const props = {
  showUrl: '/show',
  stateUrl: '/state',
  strings: Object.fromEntries(words.map((one) => [one, one])) as Record<(typeof words)[number], string>,
}
let place: HTMLElement
let shown: () => Response
let states: { state: string; message?: string }[]
const went = vi.fn()
let stop: () => void

const status = () => place.querySelector('[role=status]')!.textContent
const trouble = () => place.querySelector('[role=alert]')!.textContent
const press = async () => {
  place.querySelector('button')!.click()
  await vi.advanceTimersByTimeAsync(0)
}
const later = () => vi.advanceTimersByTimeAsync(2500)

beforeEach(() => {
  vi.useFakeTimers()
  document.body.innerHTML = '<div id="here"></div>'
  place = document.getElementById('here')!
  shown = () => Response.json({ svg: '<svg/>', link: 'https://m.egov.kz/x' })
  states = []
  vi.stubGlobal('location', { assign: went })
  vi.stubGlobal('fetch', (url: string) => {
    if (url === '/show') return Promise.resolve(shown())
    const next = states.shift()
    return next ? Promise.resolve(Response.json({ message: '', next: '/done', ...next })) : Promise.reject(new TypeError())
  })
  stop = mount(place, props)
})
afterEach(() => {
  stop()
  vi.useRealTimers()
  vi.unstubAllGlobals()
  went.mockReset()
})

describe('signing with the phone', () => {
  it('shows the square, tells how far the phone has come, and goes on when it has signed', async () => {
    states = [{ state: 'waiting', message: '9 min' }, { state: 'read', message: '9 min' }, { state: 'signed' }]
    await press()
    const square = place.querySelector('img')!
    expect(square.src).toBe(`data:image/svg+xml;base64,${btoa('<svg/>')}`)
    expect(square.alt).toBe('square')
    expect(place.querySelector('a')!.getAttribute('href')).toBe('https://m.egov.kz/x')
    expect(status()).toBe('waiting')
    await later()
    expect(status()).toBe('waiting 9 min')
    await later()
    expect(status()).toBe('read 9 min')
    await later()
    expect(went).toHaveBeenCalledWith('/done')
  })

  it('tells why a signature was not taken and goes on waiting', async () => {
    states = [{ state: 'refused', message: 'not yours' }, { state: 'signed' }]
    await press()
    await later()
    expect(trouble()).toBe('not yours')
    await later()
    expect(went).toHaveBeenCalled()
  })

  it('takes an old square away and asks no more', async () => {
    states = [{ state: 'expired' }, { state: 'signed' }]
    await press()
    await later()
    expect(trouble()).toBe('expired')
    expect(place.querySelector('img')).toBeNull()
    await later()
    expect(went).not.toHaveBeenCalled()
  })

  it('says that there is no connection and asks again', async () => {
    await press()
    await later()
    expect(trouble()).toBe('offline')
    states = [{ state: 'waiting' }]
    await later()
    expect(trouble()).toBe('')
  })

  it('tells what the server refused', async () => {
    shown = () => Response.json({ message: 'signed already' }, { status: 409 })
    await press()
    expect(trouble()).toBe('signed already')
    expect(place.querySelector('img')).toBeNull()
  })
})
