import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { encode, mount, type SignProps } from '../../../../platform/documents/islands/eds-sign'

/** NCALayer as the tests want it: `reply` answers each request, `greeting` is what it says first. */
class Layer extends EventTarget {
  static greeting: unknown = { result: { version: '1.4' } }
  static reply: (asked: Record<string, unknown>) => unknown = () => ({})
  static asked: Record<string, unknown>[] = []
  static url = ''

  constructor(url: string) {
    super()
    Layer.url = url
    queueMicrotask(() => (Layer.greeting === undefined ? this.close() : this.say(Layer.greeting)))
  }
  say(frame: unknown): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(frame) }))
  }
  send(frame: string): void {
    const asked = JSON.parse(frame) as Record<string, unknown>
    Layer.asked.push(asked)
    const reply = Layer.reply(asked)
    queueMicrotask(() => (reply === undefined ? this.close() : this.say(reply)))
  }
  close(): void {
    this.dispatchEvent(new Event('close'))
  }
}

const words = [
  'button', 'again', 'connecting', 'choose', 'checking', 'notRunning', 'cancelled', 'failed', 'lost', 'offline', 'signIn',
] as const
const props = (): SignProps => ({
  ncalayerUrl: 'wss://127.0.0.1:13579',
  contentUrl: '/file',
  signUrl: '/cms',
  iin: '850312700000',
  locale: 'kk',
  strings: Object.fromEntries(words.map((one) => [one, one === 'failed' ? 'failed {message}' : one])) as SignProps['strings'],
})
const paper = Uint8Array.from({ length: 20_000 }, (_each, n) => n % 256)
let sent: string[]
let answer: () => Response | Promise<Response>
let place: HTMLElement
const went = vi.fn()

const press = () => place.querySelector('button')!.click()
const trouble = async (text: string) => vi.waitFor(() => expect(place.querySelector('[role=alert]')!.textContent).toBe(text))
const signed = { status: true, body: { result: '-----BEGIN CMS-----\nQUJD\n-----END CMS-----\n' } }

beforeEach(() => {
  document.body.innerHTML = '<div id="here"></div>'
  document.body.dataset.csrf = 'token'
  place = document.getElementById('here')!
  sent = []
  answer = () => Response.json({ next: '/done' })
  Layer.greeting = { result: { version: '1.4' } }
  Layer.reply = () => signed
  Layer.asked = []
  vi.stubGlobal('WebSocket', Layer)
  vi.stubGlobal('location', { assign: went, href: '/here' })
  vi.stubGlobal('fetch', (url: string, init?: RequestInit) => {
    if (url === '/file') return Promise.resolve(new Response(paper))
    sent.push(JSON.parse(String(init!.body)).cms as string)
    return Promise.resolve(answer())
  })
  mount(place, props())
})
afterEach(() => {
  vi.unstubAllGlobals()
  went.mockReset()
})

describe('signing', () => {
  it('asks for a signature apart from the document, by this person alone, and sends it', async () => {
    press()
    await vi.waitFor(() => expect(went).toHaveBeenCalledWith('/done'))
    expect(Layer.url).toBe('wss://127.0.0.1:13579')
    const [asked] = Layer.asked
    const args = asked!.args as Record<string, Record<string, unknown>>
    expect(asked).toMatchObject({ module: 'kz.gov.pki.knca.basics', method: 'sign' })
    expect(args.data).toBe(encode(paper))
    expect(args.signingParams).toEqual({ decode: true, encapsulate: false, digested: false, tsaProfile: {} })
    expect(args.signerParams).toMatchObject({ iin: '850312700000', extKeyUsageOids: ['1.3.6.1.5.5.7.3.4'] })
    expect(sent).toEqual([signed.body.result])
  })

  it('takes a list of one as newer programs give it', async () => {
    Layer.reply = () => ({ status: true, body: { result: [signed.body.result] } })
    press()
    await vi.waitFor(() => expect(sent).toEqual([signed.body.result]))
  })

  it('asks an old program in its own way', async () => {
    Layer.reply = ({ module }) =>
      module === 'kz.gov.pki.knca.commonUtils' ? { code: '200', responseObject: 'QUJD' } : { status: false, code: 'MODULE_NOT_FOUND' }
    press()
    await vi.waitFor(() => expect(sent).toEqual(['QUJD']))
    expect(Layer.asked[1]!.args).toEqual(['PKCS12', 'SIGNATURE', encode(paper), false])
  })
})

describe('what goes wrong is said in words, and the button works again', () => {
  const cases: [string, () => void, string][] = [
    ['the program is not running', () => (Layer.greeting = undefined), 'notRunning'],
    ['something else sits there', () => (Layer.greeting = { hello: 1 }), 'notRunning'],
    ['the window was closed', () => (Layer.reply = () => ({ status: true, body: {} })), 'cancelled'],
    ['the program refused', () => (Layer.reply = () => ({ status: false, code: 'INVOCATION_ERROR', details: 'why' })), 'failed why'],
    ['the program went away', () => (Layer.reply = () => undefined), 'lost'],
    ['the server refused', () => (answer = () => Response.json({ message: 'Not yours' }, { status: 422 })), 'Not yours'],
    ['the person was signed out', () => (answer = () => Response.json({ code: 'sign_in', message: 'sign in' }, { status: 401 })), 'signIn'],
  ]
  it.each(cases)('%s', async (_name, spoil, text) => {
    spoil()
    press()
    await trouble(text)
    expect(place.querySelector('button')!.disabled).toBe(false)
    expect(went).not.toHaveBeenCalled()
  })

  it('sends again what was signed when the connection broke, without asking for the password again', async () => {
    answer = () => Promise.reject(new TypeError('offline'))
    press()
    await trouble('offline')
    expect(place.querySelector('button')!.textContent).toBe('again')
    answer = () => Response.json({ next: '/done' })
    press()
    await vi.waitFor(() => expect(went).toHaveBeenCalledWith('/done'))
    expect(Layer.asked).toHaveLength(1)
    expect(sent).toHaveLength(2)
  })

  it('signs anew what the server refused', async () => {
    answer = () => Response.json({ message: 'no' }, { status: 422 })
    press()
    await trouble('no')
    answer = () => Response.json({ next: '/done' })
    press()
    await vi.waitFor(() => expect(went).toHaveBeenCalled())
    expect(Layer.asked).toHaveLength(2)
  })
})
