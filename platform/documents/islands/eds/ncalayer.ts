/**
 * NCALayer's WebSocket: one text frame a request, one a reply, no ids, so one request at a time. It speaks first.
 * `basics` is asked; a program too old for it is asked by `commonUtils`.
 */

/** NCALayer is not there, or something else sits in its place. */
export class NotRunning extends Error {}
/** The person closed the window, or no key there fits. */
export class Cancelled extends Error {}
/** The program went away in the middle. */
export class Lost extends Error {}
/** It refused in its own words. */
export class Failed extends Error {}

export interface Wanted {
  data: string
  iin: string
  locale: 'kk' | 'ru'
}

type Json = Record<string, unknown>

const PATIENCE = 5000
const FOR_DOCUMENTS = '1.3.6.1.5.5.7.3.4'

class Channel {
  private waiting: { resolve: (frame: Json) => void; reject: (error: Error) => void } | undefined
  private fault: Error | undefined

  constructor(private readonly socket: WebSocket) {
    socket.addEventListener('message', (event) => {
      const { waiting } = this
      this.waiting = undefined
      try {
        waiting?.resolve(JSON.parse(String(event.data)) as Json)
      } catch {
        waiting?.reject(new Failed(String(event.data).slice(0, 200)))
      }
    })
    socket.addEventListener('close', () => {
      this.fault = new Lost()
      this.waiting?.reject(this.fault)
      this.waiting = undefined
    })
  }

  next(): Promise<Json> {
    if (this.fault) return Promise.reject(this.fault)
    if (this.waiting) return Promise.reject(new Failed('busy'))
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject }
    })
  }

  ask(request: Json): Promise<Json> {
    const answer = this.next()
    if (!this.fault) this.socket.send(JSON.stringify(request))
    return answer
  }
}

async function greeted(socket: WebSocket): Promise<Channel> {
  const channel = new Channel(socket)
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new NotRunning()), PATIENCE)
  })
  try {
    const first = await Promise.race([channel.next(), late])
    if (!(first.result as Json | undefined)?.version) throw new NotRunning()
    return channel
  } catch {
    throw new NotRunning()
  } finally {
    clearTimeout(timer)
  }
}

/** Sign the base64 `data` apart from it, with a time stamp; PEM comes back. `asked` is called when the person is at the window. */
export async function sign(url: string, wanted: Wanted, asked: () => void): Promise<string> {
  let socket: WebSocket
  try {
    socket = new WebSocket(url)
  } catch {
    throw new NotRunning()
  }
  try {
    const channel = await greeted(socket)
    asked()
    return (await byBasics(channel, wanted)) ?? (await byCommonUtils(channel, wanted))
  } finally {
    socket.close()
  }
}

/** `undefined` when this NCALayer has no such module. */
async function byBasics(channel: Channel, { data, iin, locale }: Wanted): Promise<string | undefined> {
  const reply = await channel.ask({
    module: 'kz.gov.pki.knca.basics',
    method: 'sign',
    args: {
      format: 'cms',
      data,
      signingParams: { decode: true, encapsulate: false, digested: false, tsaProfile: {} },
      signerParams: { extKeyUsageOids: [FOR_DOCUMENTS], iin },
      locale,
    },
  })
  if (reply.status === true) {
    const result = (reply.body as Json | undefined)?.result
    const made = Array.isArray(result) ? (result[0] as unknown) : result
    if (typeof made === 'string' && made) return made
    throw new Cancelled()
  }
  if (reply.status === false && !String(reply.code ?? '').startsWith('MODULE')) {
    throw new Failed(String(reply.details || reply.message || reply.code || '').slice(0, 200))
  }
  return undefined
}

async function byCommonUtils(channel: Channel, { data }: Wanted): Promise<string> {
  const reply = await channel.ask({
    module: 'kz.gov.pki.knca.commonUtils',
    method: 'createCMSSignatureFromBase64',
    args: ['PKCS12', 'SIGNATURE', data, false],
  })
  if (reply.code === '200' && typeof reply.responseObject === 'string') return reply.responseObject
  const message = String(reply.message ?? '')
  if (message === 'action.canceled') throw new Cancelled()
  throw new Failed(message.slice(0, 200))
}
