import { wait } from './queue'
import type { Field, Kind, Value } from './types'

/** One field of one cell, from what to what; by ids, so that it means the same on the page loaded tomorrow. */
export interface PastStep { lesson: string; pupil: string; kind: Kind; field: Field; from: Value; to: Value }

/** What can be undone and done again, the newest last. */
export interface Past { done: PastStep[][]; undone: PastStep[][] }

export interface StepStore {
  load(scope: string): Promise<Past | undefined>
  keep(scope: string, past: Past): void
}

/** The steps of a journal as the browser keeps them, one record a scope. A browser that refuses forgets them with the page. */
export class DeviceSteps implements StepStore {
  private readonly database: Promise<IDBDatabase | null>
  private writing: Promise<unknown> = Promise.resolve()

  constructor() {
    this.database = DeviceSteps.open()
  }

  // A database of its own: the queue's one would have to be upgraded while an older page still holds it open.
  private static async open(): Promise<IDBDatabase | null> {
    try {
      const request = indexedDB.open('mektep-journal-steps', 1)
      request.onupgradeneeded = () => { request.result.createObjectStore('steps') }
      return await wait(request)
    } catch {
      return null
    }
  }

  async load(scope: string): Promise<Past | undefined> {
    const database = await this.database
    if (!database) return undefined
    const request = database.transaction('steps', 'readonly').objectStore('steps').get(scope) as IDBRequest<Past | undefined>
    return wait(request).catch(() => undefined)
  }

  keep(scope: string, past: Past): void {
    this.writing = this.writing.then(async () => {
      const database = await this.database
      if (database) await wait(database.transaction('steps', 'readwrite').objectStore('steps').put(past, scope))
    }).catch(() => undefined)
  }
}
