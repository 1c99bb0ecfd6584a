/**
 * On a page that the device keeps (keeping.ts), what was typed without a connection outlives the browser itself. Kept on
 * this device for this person only, until it is sent; the journal's grid has a queue of its own.
 */
import { collect, forms, restore, say, type Draft } from './drafts'

const KEY = 'mektep:late'
const name = () => `${KEY}:${document.body.dataset.person ?? ''}:${location.pathname}${location.search}`

export function startLate(): void {
  const isKept = document.getElementById('keeping') !== null || document.documentElement.dataset.kept !== undefined
  if (!isKept || !document.body.dataset.person) return
  const mine = () => forms().filter((form) => form.method === 'post' && !form.hasAttribute('hx-post'))
  const drawn = JSON.stringify(collect(mine()))
  const late = localStorage.getItem(name())
  const found = late === null ? [] : restore(mine(), JSON.parse(late) as [string, Draft][])
  found.forEach(say)
  let isWaiting = found.length > 0
  if (late !== null && !isWaiting) localStorage.removeItem(name())
  document.addEventListener('submit', (event) => {
    if (event.defaultPrevented || !(event.target instanceof HTMLFormElement) || !mine().includes(event.target)) return
    // The usual keeping of what is under way goes on from here (drafts.ts).
    isWaiting = false
    localStorage.removeItem(name())
  })
  const keep = () => {
    if (navigator.onLine && !isWaiting) return
    const typed = collect(mine())
    if (JSON.stringify(typed) !== drawn) localStorage.setItem(name(), JSON.stringify(typed))
  }
  window.addEventListener('pagehide', keep)
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') keep() })
}
