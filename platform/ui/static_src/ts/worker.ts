/**
 * The service worker: without a connection it shows pages that the server allowed to be kept (decision 0020), and
 * everything else as if it were not there. It imports nothing, so that it is one file.
 */
interface Waits extends Event { waitUntil(work: Promise<unknown>): void }
interface Asked extends Waits { readonly request: Request; respondWith(answer: Promise<Response> | Response): void }
interface Told extends Waits { readonly data: Partial<Orders> }
interface Orders { person: string; days: number; pages: string[]; home: string }
const worker = self as unknown as {
  addEventListener(name: 'install' | 'activate', act: (event: Waits) => void): void
  addEventListener(name: 'fetch', act: (event: Asked) => void): void
  addEventListener(name: 'message', act: (event: Told) => void): void
  skipWaiting(): Promise<void>
  clients: { claim(): Promise<void> }
}

const PAGES = 'pages:' // and the person: whoever comes next at this device has nothing of it
const BUILT = 'built'
const KEEP = 'Mektep-Keep' // the server's word that this page may be kept, by whom and for how many days
const KEPT = 'Mektep-Kept' // when that was
const UNTIL = 'Mektep-Until'
const LOST = new URL('offline', location.href).href // beside the worker itself
const DAY = 86_400_000
const PATIENCE = 6000 // of a line that is up and brings nothing, where there is a copy
const FRESH = 3 * 3_600_000 // pages fetched ahead are not fetched again so soon
const OLD_FILE = 30 * DAY

worker.addEventListener('install', (event) => event.waitUntil(worker.skipWaiting()))
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()))
worker.addEventListener('message', (event) => {
  const { person, pages } = event.data
  if (person && pages) event.waitUntil(follow(event.data as Orders))
})
worker.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== location.origin) return
  if (request.mode === 'navigate') event.respondWith(page(event))
  else if (url.pathname.startsWith('/static/')) event.respondWith(file(request))
})

const bare = (url: string) => url.replace(/#.*$/, '')

async function copies(): Promise<Cache[]> {
  const names = (await caches.keys()).filter((name) => name.startsWith(PAGES))
  return Promise.all(names.map((name) => caches.open(name)))
}

/** The copy of a page that has not grown too old. */
async function copyOf(url: string): Promise<Response | undefined> {
  for (const cache of await copies()) {
    const found = await cache.match(bare(url))
    if (!found) continue
    if (Date.now() < Number(found.headers.get(UNTIL) ?? Infinity)) return found
    await cache.delete(bare(url))
  }
  return undefined
}

/** The page from the server; its copy when no answer comes. */
async function page(event: Asked): Promise<Response> {
  const { request } = event
  const copy = await copyOf(request.url)
  try {
    const answer = await (copy ? within(fetch(request)) : fetch(request))
    if (copy && answer.status >= 502 && answer.status <= 504) return copy
    // A full device keeps nothing more, and the page is shown all the same.
    if (answer.ok && answer.headers.has(KEEP)) event.waitUntil(store(request.url, answer.clone()).catch(() => undefined))
    else if (copy?.headers.has(KEEP) && [200, 403, 404].includes(answer.status)) event.waitUntil(forget(request.url))
    return answer
  } catch {
    return copy ?? (await copyOf(LOST)) ?? Response.error()
  }
}

/** What is no longer this person's, or may no longer be kept, goes. */
async function forget(url: string): Promise<void> {
  for (const cache of await copies()) await cache.delete(bare(url))
}

function within(answer: Promise<Response>): Promise<Response> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('slow')), PATIENCE)
    answer.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

/** Scripts and styles of the build carry the hash of their content in the name; other files may change. */
async function file(request: Request): Promise<Response> {
  const cache = await caches.open(BUILT)
  const built = new URL(request.url).pathname.includes('/dist/')
  const copy = await cache.match(bare(request.url))
  if (built && copy) return copy
  try {
    const answer = await fetch(request)
    // Only what a kept page asks for is kept: those are there already.
    if (answer.ok && (built || copy)) await cache.put(bare(request.url), answer.clone())
    return answer
  } catch {
    return copy ?? Response.error()
  }
}

/** Fetch what the page ordered and has not or has long since, one after the other: a slow line is for people first. */
async function follow({ person, days, pages, home }: Orders): Promise<void> {
  const cache = await caches.open(`${PAGES}${person}`)
  const until = String(Date.now() + days * DAY)
  try {
    for (const page of [...pages, LOST]) {
      const url = new URL(page, location.origin).href
      const copy = await cache.match(url)
      if (copy && Date.now() - Number(copy.headers.get(KEPT)) < FRESH) continue
      const answer = await fetch(url, { headers: { Accept: 'text/html' }, redirect: 'error' })
      if (!answer.ok) continue
      if (url === LOST) await put(cache, url, answer, until)
      else await store(url, answer)
      if (page === home) await cache.put('/', new Response(null, { status: 302, headers: { Location: home, [UNTIL]: until } }))
    }
    await tidy()
  } catch {
    // The connection went away: the next visit goes on.
  }
}

/** Keep a page if the server allows it, and for as long. */
async function store(url: string, answer: Response): Promise<void> {
  const [person, days] = (answer.headers.get(KEEP) ?? '').split(' ')
  if (!person || !days) return
  await put(await caches.open(`${PAGES}${person}`), bare(url), answer, String(Date.now() + Number(days) * DAY))
}

/** The page says itself that it is a copy, and of when. What it is drawn with is kept first: a copy is never half a page. */
async function put(cache: Cache, url: string, answer: Response, until: string): Promise<void> {
  const now = Date.now()
  const page = await answer.text()
  const headers = new Headers(answer.headers)
  for (const name of ['Content-Encoding', 'Content-Length', 'Set-Cookie']) headers.delete(name)
  headers.set(KEPT, String(now))
  headers.set(UNTIL, until)
  const marked = page.replace('<html ', `<html data-kept="${new Date(now).toISOString()}" `)
  await keepFiles([...page.matchAll(/(?:href|src)="(\/static\/[^"#]+)/g)].map((found) => found[1]!))
  await cache.put(url, new Response(marked, { status: 200, headers }))
}

async function keepFiles(paths: string[]): Promise<void> {
  const cache = await caches.open(BUILT)
  for (const path of new Set(paths)) {
    const url = new URL(path, location.origin).href
    if (await cache.match(url)) continue
    const answer = await fetch(url)
    if (!answer.ok) continue
    const copy = answer.clone()
    await cache.put(url, answer)
    if (!path.endsWith('.js')) continue
    const parts = [...(await copy.text()).matchAll(/(?:from|import)\s*"(\.\/[^"]+\.js)"/g)]
    await keepFiles(parts.map((part) => new URL(part[1]!, url).pathname))
  }
}

/** Take away what has grown old: pages past their day, files that no build of late names. */
async function tidy(): Promise<void> {
  for (const cache of await copies()) for (const { url } of await cache.keys()) await copyOf(url)
  const files = await caches.open(BUILT)
  for (const request of await files.keys()) {
    const made = Date.parse((await files.match(request))?.headers.get('Date') ?? '')
    if (Date.now() - made > OLD_FILE) await files.delete(request)
  }
}
