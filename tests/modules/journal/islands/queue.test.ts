import 'fake-indexeddb/auto'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { DeviceStore, LeavingStore, MemoryStore, Queue, type Store } from '../../../../modules/journal/islands/journal/queue'
import type { Kept, Operation, Result } from '../../../../modules/journal/islands/journal/types'

const operation = (over: Partial<Operation> = {}): Operation => ({
  id: crypto.randomUUID(), lesson: 'l1', pupil: 'p1', kind: 'fo', field: 'points', old: null, new: 7, version: 0,
  at: new Date().toISOString(), ...over,
})

/** A server that compares and sets, and remembers ids; told to be away, it loses requests or answers. */
class Server {
  cells = new Map<string, { value: unknown; version: number }>()
  seen = new Map<string, Result>()
  away: '' | 'request' | 'answer' | 'signedOut' | 'broken' | 'forbidden' | 'gone' | 'oldToken' = ''
  batches: Operation[][] = []
  send = (operations: Operation[]): Promise<Response> => {
    if (this.away === 'request') return Promise.reject(new TypeError('network'))
    if (this.away === 'signedOut') return Promise.resolve(new Response('{}', { status: 401 }))
    if (this.away === 'forbidden') return Promise.resolve(Response.json({ message: 'Құқық жоқ' }, { status: 403 }))
    if (this.away === 'gone') return Promise.resolve(Response.json({ message: 'Жоқ' }, { status: 404 }))
    if (this.away === 'oldToken') return Promise.resolve(new Response('<html>', { status: 403 }))
    if (this.away === 'broken') return Promise.resolve(new Response('', { status: 503 }))
    this.batches.push(operations)
    const results = operations.map((one) => this.seen.get(one.id) ?? this.set(one))
    if (this.away === 'answer') return Promise.reject(new TypeError('lost answer'))
    return Promise.resolve(Response.json({ results }))
  }
  private set(one: Operation): Result {
    const key = `${one.lesson}/${one.pupil}/${one.field}`
    const cell = this.cells.get(key) ?? { value: null, version: 0 }
    const result: Result =
      cell.version === one.version
        ? { id: one.id, status: 'ok', value: one.new, version: cell.version + 1 }
        : { id: one.id, status: 'conflict', value: cell.value as number, version: cell.version, by: 'Ермек А.' }
    if (result.status === 'ok') this.cells.set(key, { value: one.new, version: cell.version + 1 })
    this.seen.set(one.id, result)
    return result
  }
}

let server: Server
let store: Store
let answers: [Kept, Result][]
const makeQueue = (scope = 'teacher:course') =>
  new Queue(scope, store, server.send, (kept, result) => answers.push([kept, result]), () => undefined)

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  server = new Server()
  store = new MemoryStore()
  answers = []
  return () => vi.useRealTimers()
})

describe('the queue', () => {
  it('sends what was typed and keeps of a field only what the server took last', async () => {
    const queue = makeQueue()
    queue.add(operation())
    await vi.runAllTimersAsync()
    expect(server.cells.get('l1/p1/points')).toEqual({ value: 7, version: 1 })
    expect(queue.waiting).toEqual([])
    queue.add(operation({ old: 7, new: 8, version: 1 }))
    await vi.runAllTimersAsync()
    expect(await store.all('teacher:course')).toMatchObject([{ new: 8, state: 'done', result: { version: 2 } }])
    expect(queue.link).toBe('idle')
  })

  it('sends many cells in one batch, and never more than fifty', async () => {
    const queue = makeQueue()
    for (let index = 0; index < 60; index++) queue.add(operation({ pupil: `p${index}` }))
    await vi.runAllTimersAsync()
    expect(server.batches.map((batch) => batch.length)).toEqual([50, 10])
  })

  it('joins changes of one cell that were not sent yet', async () => {
    const queue = makeQueue()
    queue.add(operation({ new: 1 }))
    queue.add(operation({ old: 1, new: 10 }))
    await vi.runAllTimersAsync()
    expect(server.batches).toHaveLength(1)
    expect(server.batches[0]).toMatchObject([{ old: null, new: 10, version: 0 }])
  })

  it('keeps everything while there is no connection and sends it when there is one', async () => {
    const queue = makeQueue()
    server.away = 'request'
    queue.add(operation())
    queue.add(operation({ pupil: 'p2', new: 9 }))
    await vi.advanceTimersByTimeAsync(10)
    expect(queue.link).toBe('offline')
    expect(queue.waiting).toHaveLength(2)
    server.away = ''
    queue.retry()
    await vi.runAllTimersAsync()
    expect(queue.waiting).toEqual([])
    expect(server.cells.get('l1/p2/points')?.value).toBe(9)
  })

  it('asks before it writes over what somebody put there after a lost answer', async () => {
    const queue = makeQueue()
    server.away = 'answer'
    queue.add(operation({ new: 5 }))
    await vi.advanceTimersByTimeAsync(10)
    queue.add(operation({ old: 5, new: 7, version: 1 })) // typed over her own 5
    const first = server.batches[0]![0]!
    server.cells.set('l1/p1/points', { value: 9, version: 2 }) // meanwhile a colleague sees the 5 and makes it 9
    server.seen.set(first.id, { id: first.id, status: 'ok', value: 9, version: 2 })
    server.away = ''
    await vi.runAllTimersAsync()
    const later = server.batches.at(-1)?.[0]
    expect(later).toMatchObject({ old: 5, new: 7 })
    expect(queue.waiting).toEqual([])
  })

  it('does not send for ever what the server knows no place for', async () => {
    const queue = makeQueue()
    server.send = () => Promise.resolve(Response.json({ message: 'gone' }, { status: 404 }))
    const lost = new Queue('s', store, server.send, (kept, result) => answers.push([kept, result]), () => undefined)
    lost.add(operation())
    await vi.runAllTimersAsync()
    expect(lost.waiting).toEqual([])
    expect(lost.refused.map((one) => one.result?.message)).toEqual(['gone'])
    expect(queue.waiting).toEqual([])
  })

  it('waits longer after each failure, and tries by itself', async () => {
    const queue = makeQueue()
    server.away = 'broken'
    queue.add(operation())
    await vi.advanceTimersByTimeAsync(10)
    server.away = ''
    await vi.advanceTimersByTimeAsync(500)
    expect(queue.waiting).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1500)
    expect(queue.waiting).toEqual([])
  })

  it('does not apply twice what the server knew although its answer was lost', async () => {
    const queue = makeQueue()
    server.away = 'answer'
    queue.add(operation({ new: 7 }))
    await vi.advanceTimersByTimeAsync(10)
    expect(server.cells.get('l1/p1/points')).toEqual({ value: 7, version: 1 })
    queue.add(operation({ old: 7, new: 8 })) // typed over while the first answer is lost
    server.away = ''
    queue.retry()
    await vi.runAllTimersAsync()
    expect(server.cells.get('l1/p1/points')).toEqual({ value: 8, version: 2 })
    expect(answers.map(([, result]) => result.status)).toEqual(['ok', 'ok'])
  })

  it('asks to sign in again and keeps what was typed', async () => {
    const queue = makeQueue()
    server.away = 'signedOut'
    queue.add(operation())
    await vi.advanceTimersByTimeAsync(60_000)
    expect(queue.link).toBe('signedOut')
    expect(await store.all('teacher:course')).toHaveLength(1)
  })

  it('leaves a conflict to the person, with both values', async () => {
    server.cells.set('l1/p1/points', { value: 4, version: 3 })
    const queue = makeQueue()
    queue.add(operation({ new: 9, version: 2 }))
    await vi.runAllTimersAsync()
    expect(queue.waiting).toEqual([])
    expect(queue.conflicts).toMatchObject([{ new: 9, result: { value: 4, version: 3, by: 'Ермек А.' } }])
    queue.drop(queue.conflicts[0]!.id)
    expect(queue.conflicts).toEqual([])
  })

  it.each([['forbidden', 'Құқық жоқ'], ['gone', 'Жоқ']] as const)('goes on after a right that is lost (%s)', async (away, why) => {
    server.away = away
    const queue = makeQueue()
    queue.add(operation())
    await vi.runAllTimersAsync()
    expect(queue.refused.map((one) => one.result?.message)).toEqual([why])
    expect(queue.link).toBe('idle')
    server.away = ''
    queue.add(operation({ pupil: 'p2' }))
    await vi.runAllTimersAsync()
    expect(server.cells.get('l1/p2/points')).toEqual({ value: 7, version: 1 })
    expect((await store.all('teacher:course')).map((one) => one.state)).toContain('refused')
  })

  it('keeps everything when the form of the page has grown old', async () => {
    server.away = 'oldToken'
    const queue = makeQueue()
    queue.add(operation())
    await vi.runAllTimersAsync()
    expect(queue.link).toBe('signedOut')
    expect(queue.waiting).toHaveLength(1)
  })

  it('keeps a refused value with the reason', async () => {
    const refusing = new Queue('s', store, () => Promise.resolve(Response.json({ message: 'Тоқсан жабық' }, { status: 422 })), (kept, result) => answers.push([kept, result]), () => undefined)
    refusing.add(operation())
    await vi.runAllTimersAsync()
    expect(refusing.refused).toMatchObject([{ new: 7, result: { message: 'Тоқсан жабық' } }])
  })
})

describe('the device keeps the queue', () => {
  beforeEach(() => {
    vi.useRealTimers()
  })

  it('over a reload, for its owner and course only', async () => {
    store = await DeviceStore.open()
    expect(store).toBeInstanceOf(DeviceStore)
    server.away = 'request'
    const before = makeQueue('aigul:algebra')
    before.add(operation({ new: 6 }))
    await vi.waitFor(async () => expect(await store.all('aigul:algebra')).toHaveLength(1))
    const stranger = makeQueue('bolat:algebra')
    expect(await stranger.load()).toEqual([])
    const after = makeQueue('aigul:algebra')
    expect(await after.load()).toMatchObject([{ new: 6, state: 'queued' }])
    server.away = ''
    await after.flush()
    expect(server.cells.get('l1/p1/points')?.value).toBe(6)
  })

  it('over a page that is left before the device has written', async () => {
    const slow = new Promise<Store>(() => undefined) // opened only when the page is gone
    const left = new LeavingStore(slow, 'aigul:geometry')
    store = left
    server.away = 'request'
    const before = makeQueue('aigul:geometry')
    before.add(operation({ new: 4 }))
    before.add(operation({ pupil: 'p2', new: 5 }))
    before.drop(before.waiting[1]!.id)
    left.leave()
    server.away = ''
    const device = await DeviceStore.open()
    store = new LeavingStore(Promise.resolve(device), 'aigul:geometry')
    expect(await makeQueue('aigul:geometry').load()).toMatchObject([{ new: 4, state: 'queued' }])
    expect(await device.all('aigul:geometry')).toHaveLength(1)
    expect(localStorage).toHaveLength(0)
  })

  it('once where the device has written before the page is left', async () => {
    const left = new LeavingStore(DeviceStore.open(), 'aigul:physics')
    await left.put({ ...operation(), scope: 'aigul:physics', state: 'queued' })
    left.leave()
    expect(localStorage).toHaveLength(0)
  })

  it('also where the browser has nowhere to lay it at once', async () => {
    const refuse = () => { throw new DOMException('no', 'SecurityError') }
    vi.stubGlobal('localStorage', { getItem: refuse, setItem: refuse, removeItem: refuse })
    const left = new LeavingStore(Promise.resolve(new MemoryStore()), 'aigul:art')
    store = left
    const queue = makeQueue('aigul:art')
    queue.add(operation())
    left.leave()
    await vi.waitFor(async () => expect(await left.all('aigul:art')).toHaveLength(1))
    vi.unstubAllGlobals()
  })

  it('falls back to memory where the browser refuses', async () => {
    const open = vi.spyOn(indexedDB, 'open').mockImplementation(() => { throw new DOMException('no', 'SecurityError') })
    expect(await DeviceStore.open()).toBeInstanceOf(MemoryStore)
    open.mockRestore()
  })
})
