import type { Field, Kept, Operation, Result } from './types'

/** Where operations wait. IndexedDB, or memory where the browser refuses it (private windows, full disks). */
export interface Store {
  all(scope: string): Promise<Kept[]>
  put(kept: Kept): Promise<void>
  remove(id: string): Promise<void>
}

export class MemoryStore implements Store {
  private readonly kept = new Map<string, Kept>()
  all(scope: string) {
    return Promise.resolve([...this.kept.values()].filter((one) => one.scope === scope))
  }
  put(kept: Kept) {
    this.kept.set(kept.id, { ...kept })
    return Promise.resolve()
  }
  remove(id: string) {
    this.kept.delete(id)
    return Promise.resolve()
  }
}

export const wait = <T>(request: IDBRequest<T>) =>
  new Promise<T>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('IndexedDB'))
  })

export class DeviceStore implements Store {
  private constructor(private readonly database: IDBDatabase) {}

  static async open(): Promise<Store> {
    try {
      const request = indexedDB.open('mektep-journal', 1)
      request.onupgradeneeded = () => {
        request.result.createObjectStore('operations', { keyPath: 'id' }).createIndex('scope', 'scope')
      }
      return new DeviceStore(await wait(request))
    } catch {
      return new MemoryStore()
    }
  }

  all(scope: string) {
    const index = this.database.transaction('operations').objectStore('operations').index('scope')
    return wait(index.getAll(scope) as IDBRequest<Kept[]>)
  }
  put(kept: Kept) {
    return this.written((store) => store.put(kept))
  }
  remove(id: string) {
    return this.written((store) => store.delete(id))
  }

  /** A page that goes takes back what is not committed, so the answer to the request is too early. */
  private written(act: (store: IDBObjectStore) => void): Promise<void> {
    const transaction = this.database.transaction('operations', 'readwrite')
    act(transaction.objectStore('operations'))
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve()
      transaction.onabort = reject
    })
  }
}

/**
 * A store that opens while people type already. What is on its way to it as the page goes is laid into localStorage,
 * which takes it at once, and is moved to the store by the next page of the scope.
 */
export class LeavingStore implements Store {
  private readonly onTheWay = new Map<string, Kept | null>() // by id; null is taken away

  constructor(private readonly store: Promise<Store>, private readonly scope: string) {}

  async all(scope: string) {
    for (const [id, kept] of this.laid()) await this.change(id, kept)
    this.stay()
    return (await this.store).all(scope)
  }
  put(kept: Kept) {
    return this.change(kept.id, kept)
  }
  remove(id: string) {
    return this.change(id, null)
  }

  leave(): void {
    if (this.onTheWay.size) this.device((at, key) => at.setItem(key, JSON.stringify([...this.laid(), ...this.onTheWay])))
  }
  /** What was laid down is in the store, or on its way again: the page is shown as it was left. */
  stay(): void {
    this.device((at, key) => at.removeItem(key))
  }

  private laid(): [string, Kept | null][] {
    return (this.device((at, key) => JSON.parse(at.getItem(key) ?? '[]')) ?? []) as [string, Kept | null][]
  }

  /** A browser may refuse, and a device be full. */
  private device(act: (at: Storage, key: string) => unknown): unknown {
    try {
      return act(localStorage, `mektep-journal:${this.scope}`)
    } catch {
      return undefined
    }
  }

  private async change(id: string, kept: Kept | null): Promise<void> {
    this.onTheWay.set(id, kept)
    const store = await this.store
    await (kept ? store.put(kept) : store.remove(id))
    if (this.onTheWay.get(id) === kept) this.onTheWay.delete(id)
  }
}

export type Link = 'idle' | 'saving' | 'offline' | 'signedOut'
export type Send = (operations: Operation[]) => Promise<Response>

const BATCH = 50
const FIRST_PAUSE = 1000
const LONGEST_PAUSE = 30_000
const REFUSALS = new Set([400, 403, 404, 409, 413, 422])

const sameField = (a: Operation, b: Operation) => a.lesson === b.lesson && a.pupil === b.pupil && a.kind === b.kind && a.field === b.field

/**
 * Operations in their order, sent in small batches, one batch at a time, never two of one field in a batch.
 * What was not answered is sent again with the same id; the server knows ids, so nothing is applied twice.
 */
export class Queue {
  link: Link = 'idle'
  private kept: Kept[] = []
  private done: Kept[] = []
  private flying = new Set<string>()
  private pause = FIRST_PAUSE
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly scope: string,
    private readonly store: Store,
    private readonly send: Send,
    private readonly answered: (kept: Kept, result: Result) => void,
    private readonly changed: () => void,
  ) {}

  /** Take up what an earlier visit left. */
  async load(): Promise<Kept[]> {
    const left = (await this.store.all(this.scope)).sort((a, b) => (a.at < b.at ? -1 : 1))
    const known = new Set([...this.kept, ...this.done].map((one) => one.id))
    const fresh = left.filter((one) => !known.has(one.id))
    this.done.unshift(...fresh.filter((one) => one.state === 'done'))
    this.kept.unshift(...fresh.filter((one) => one.state !== 'done'))
    return left
  }

  get waiting(): Kept[] {
    return this.kept.filter((one) => one.state === 'queued')
  }
  get conflicts(): Kept[] {
    return this.kept.filter((one) => one.state === 'conflict')
  }
  get refused(): Kept[] {
    return this.kept.filter((one) => one.state === 'refused')
  }

  /** Put an operation in; one that still waits for the same field is replaced, keeping what it started from. */
  add(operation: Operation, name = ''): void {
    const earlier = this.kept.filter((one) => sameField(one, operation) && !one.tried)
    const first = earlier.find((one) => one.state === 'queued')
    const kept: Kept = { ...operation, name, scope: this.scope, state: 'queued' }
    if (first) {
      kept.old = first.old
      kept.version = first.version
    }
    for (const one of earlier) this.drop(one.id)
    this.kept.push(kept)
    this.keep(kept)
    this.changed()
    this.flushSoon(0)
  }

  /** Forget an operation: decided by a person, or done and on the page. */
  drop(id: string): void {
    this.kept = this.kept.filter((one) => one.id !== id)
    this.done = this.done.filter((one) => one.id !== id)
    this.forget(id)
    this.changed()
  }

  flushSoon(delay: number): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.flush(), delay)
  }

  /** Try at once: the connection is back, or the page is being left. */
  retry(): void {
    this.pause = FIRST_PAUSE
    this.flushSoon(0)
  }

  async flush(): Promise<void> {
    if (this.flying.size > 0) return
    const batch: Kept[] = []
    for (const one of this.waiting) {
      if (batch.length < BATCH && !batch.some((other) => sameField(one, other))) batch.push(one)
    }
    if (batch.length === 0) {
      this.turn('idle')
      return
    }
    for (const one of batch) {
      this.flying.add(one.id)
      if (one.tried) continue
      one.tried = true
      this.keep(one)
    }
    if (this.link !== 'offline') this.turn('saving')
    const outcome = await this.attempt(batch)
    this.flying.clear()
    if (outcome === 'done') {
      this.pause = FIRST_PAUSE
      this.turn(this.waiting.length ? 'saving' : 'idle')
      if (this.waiting.length) this.flushSoon(0)
    } else if (outcome === 'signedOut') {
      this.turn('signedOut')
    } else {
      this.turn('offline')
      this.flushSoon(outcome)
    }
  }

  /** Send one batch: done, signed out, or the pause before the next attempt. */
  private async attempt(batch: Kept[]): Promise<'done' | 'signedOut' | number> {
    try {
      const response = await this.send(batch.map(({ scope: _scope, state: _state, result: _result, tried: _tried, name: _name, ...operation }) => operation))
      if (response.status === 401) return 'signedOut'
      if (REFUSALS.has(response.status)) {
        const message = await response.json().then((body: { message?: string }) => body.message, () => undefined)
        // A page that is no refusal of ours: the form's token is old, or something on the way answers for the server.
        if (message === undefined && response.status === 403) return 'signedOut'
        if (message === undefined && response.status === 404) return this.nextPause()
        for (const one of batch) this.answer(one, { id: one.id, status: 'refused', message })
        return 'done'
      }
      if (!response.ok) {
        const asked = Number(response.headers.get('Retry-After')) * 1000
        return Math.max(this.nextPause(), asked || 0)
      }
      const { results } = (await response.json()) as { results: Result[] }
      const byId = new Map(results.map((result) => [result.id, result]))
      let any = false
      for (const one of batch) {
        const result = byId.get(one.id)
        if (!result) continue
        any = true
        this.answer(one, result)
      }
      return any ? 'done' : this.nextPause()
    } catch {
      return this.nextPause()
    }
  }

  private nextPause(): number {
    const now = this.pause
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE)
    return now * (0.8 + Math.random() * 0.4)
  }

  private answer(kept: Kept, result: Result): void {
    if (result.status === 'ok') {
      this.kept = this.kept.filter((one) => one.id !== kept.id)
      this.remember({ ...kept, state: 'done', result })
      // Typed over while the first was on its way: the next one starts from what the server has now.
      for (const later of this.kept) {
        if (!sameField(later, kept) || later.state !== 'queued') continue
        later.version = result.version ?? later.version
        // Done long ago and changed by somebody since: the teacher has not seen that value, so she is to be asked.
        if ((result.value ?? null) === kept.new) later.old = kept.new
        this.keep(later)
      }
    } else {
      const later = this.kept.find((one) => one !== kept && one.state === 'queued' && sameField(one, kept))
      if (later) {
        // A newer value waits: it meets the same answer by itself, so the older one has nothing left to ask.
        this.kept = this.kept.filter((one) => one.id !== kept.id)
        this.forget(kept.id)
      } else {
        kept.tried = false
        kept.state = result.status === 'conflict' ? 'conflict' : 'refused'
        kept.result = result
        this.keep(kept)
      }
    }
    this.answered(kept, result)
    this.changed()
  }

  private remember(done: Kept): void {
    for (const one of this.done.filter((other) => sameField(other, done))) this.drop(one.id)
    this.done.push(done)
    this.keep(done)
  }

  has(field: Field, lesson: string, pupil: string, kind: string): boolean {
    return this.waiting.some((one) => one.field === field && one.lesson === lesson && one.pupil === pupil && one.kind === kind)
  }

  private turn(link: Link): void {
    if (this.link === link) return
    this.link = link
    this.changed()
  }

  // The store keeps the order of what it is given; a device that refuses to keep must not stop the saving.
  private keep(kept: Kept): void {
    this.store.put({ ...kept }).catch(() => undefined)
  }
  private forget(id: string): void {
    this.store.remove(id).catch(() => undefined)
  }
}
