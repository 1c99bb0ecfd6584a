import { beforeEach, describe, expect, it, vi } from 'vitest'
import { startLate } from '../../../platform/ui/static_src/ts/late'

const draw = (person = '7', kept = true) => {
  document.body.innerHTML = `${kept ? '<script id="keeping" type="application/json">{}</script>' : ''}<main><form method="post"><input type="hidden" name="seen-p1" value="2"><textarea name="text-p1"></textarea></form></main>`
  document.body.dataset.person = person
  startLate()
}
const area = () => document.querySelector('textarea')!
const online = (is: boolean) => vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(is)
const leave = () => window.dispatchEvent(new Event('pagehide'))

beforeEach(() => {
  localStorage.clear()
  vi.restoreAllMocks()
})

describe('what was typed without a connection on a kept page', () => {
  it('is not kept of other pages, nor while there is a connection', () => {
    online(false)
    draw('7', false)
    area().value = 'Жақсы оқиды'
    leave()
    online(true)
    draw('9')
    area().value = 'Бәрі жақсы'
    leave()
    expect(localStorage.length).toBe(0)
  })

  it('is there again after the browser was closed, for the same person', () => {
    online(false)
    draw()
    area().value = 'Жақсы оқиды'
    leave()
    draw('8')
    expect(area().value).toBe('')
    draw()
    expect(area().value).toBe('Жақсы оқиды')
    expect(document.querySelector('[role=status]')).not.toBeNull()
  })

  it('waits on after the line is back, and goes when it is sent', () => {
    online(false)
    draw()
    area().value = 'Жақсы оқиды'
    leave()
    online(true)
    draw()
    leave()
    draw()
    expect(area().value).toBe('Жақсы оқиды')
    document.querySelector('form')!.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }))
    draw()
    expect(area().value).toBe('')
  })
})
