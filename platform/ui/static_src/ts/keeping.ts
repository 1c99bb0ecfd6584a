import { readProps } from './strings'

/** What the server asks to keep on this device; see ui/keeping.py and decision 0020. */
interface Orders { days: number; pages: string[]; home: string; worker: string; person: string }

const PAGES = 'pages:'
const CALM = 4000 // pages fetched ahead wait until the one that was asked for is there and used

/** Pages of anybody else, and after a sign-out everybody's, leave the device. */
async function forgetAllBut(person: string): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(PAGES) && (!person || name !== `${PAGES}${person}`)) await caches.delete(name)
  }
}

const isCostly = () => (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true

export async function startKeeping(): Promise<void> {
  if (!('caches' in window) || !('serviceWorker' in navigator)) return // only over https
  const orders = readProps('keeping') as Partial<Orders>
  await forgetAllBut(orders.days === 0 ? '' : (document.body.dataset.person ?? ''))
  if (!orders.worker || !orders.pages || !navigator.onLine) return
  await navigator.serviceWorker.register(orders.worker, { scope: '/' })
  const { active } = await navigator.serviceWorker.ready
  const pages = isCostly() ? orders.pages.slice(0, 1) : orders.pages
  setTimeout(() => active?.postMessage({ ...orders, pages }), pages.length > 1 ? CALM : 0)
}
