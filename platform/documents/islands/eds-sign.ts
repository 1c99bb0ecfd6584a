/** Signing with ЭЦП: NCALayer on the signer's machine makes the CMS, the server verifies it. */

import { Cancelled, Failed, Lost, NotRunning, sign } from './eds/ncalayer'

export interface SignProps {
  ncalayerUrl: string
  contentUrl: string
  signUrl: string
  iin: string
  locale: 'kk' | 'ru'
  strings: Record<
    | 'button' | 'again' | 'connecting' | 'choose' | 'checking' | 'notRunning' | 'cancelled' | 'failed' | 'lost' | 'offline' | 'signIn',
    string
  >
}

type Answer = { next?: string; message?: string; code?: string }

/** Bytes as base64, in pieces: a whole document is too long for one call. */
export function encode(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(text)
}

async function content(url: string): Promise<string> {
  const answer = await fetch(url)
  if (!answer.ok) throw new Refused(answer.status, '')
  return encode(new Uint8Array(await answer.arrayBuffer()))
}

class Refused extends Error {
  constructor(readonly status: number, message: string) {
    super(message)
  }
}

async function send(url: string, cms: string): Promise<string> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-CSRFToken': document.body.dataset.csrf ?? '' },
    body: JSON.stringify({ cms }),
  })
  const said = (await answer.json().catch(() => ({}))) as Answer
  if (!answer.ok) throw new Refused(answer.status, said.message ?? '')
  return said.next ?? window.location.href
}

export function mount(element: HTMLElement, props: SignProps): void {
  const words = props.strings
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'btn btn-primary'
  button.textContent = words.button
  const status = document.createElement('p')
  status.className = 'mt-3 mb-0'
  status.setAttribute('role', 'status')
  const trouble = document.createElement('p')
  trouble.className = 'field-error mt-3 mb-0'
  trouble.setAttribute('role', 'alert')
  element.replaceChildren(button, status, trouble)

  // What was signed and did not reach the server: it is sent again, not signed again.
  let made = ''

  const say = (text: string, error = '') => {
    status.textContent = text
    trouble.textContent = error
    status.hidden = !text
    trouble.hidden = !error
  }
  say('')

  const explain = (error: unknown): string => {
    if (error instanceof NotRunning) return words.notRunning
    if (error instanceof Cancelled) return words.cancelled
    if (error instanceof Lost) return words.lost
    if (error instanceof Failed) return words.failed.replace('{message}', error.message)
    if (error instanceof Refused && error.status === 401) return words.signIn
    if (error instanceof Refused && error.message) return error.message
    return words.offline
  }

  button.addEventListener('click', async () => {
    button.disabled = true
    try {
      if (!made) {
        say(words.connecting)
        const data = await content(props.contentUrl)
        made = await sign(props.ncalayerUrl, { data, iin: props.iin, locale: props.locale }, () => say(words.choose))
      }
      say(words.checking)
      window.location.assign(await send(props.signUrl, made))
      return
    } catch (error) {
      // A signature that the server looked at and refused is of no use any more.
      if (error instanceof Refused && error.status < 500 && error.status !== 401) made = ''
      say('', explain(error))
      button.textContent = made ? words.again : words.button
    }
    button.disabled = false
  })
}
