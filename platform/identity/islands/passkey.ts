/** Passkeys: asks the server for options, the device for an answer, and the server whether it will do. */

export interface PasskeyProps {
  mode: 'add' | 'sign-in' | 'prove'
  optionsUrl: string
  finishUrl: string
  strings: { button: string; failed: string; cancelled: string }
}

type Json = Record<string, unknown>
const token = () => document.body.dataset.csrf ?? ''

async function post(url: string, body: unknown): Promise<{ ok: boolean; data: Json }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-CSRFToken': token() },
    body: JSON.stringify(body ?? {}),
  })
  return { ok: response.ok, data: (await response.json().catch(() => ({}))) as Json }
}

/** Bytes as WebAuthn's JSON writes them. */
export function encode(bytes: ArrayBuffer): string {
  let text = ''
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte)
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

export function decode(text: string): ArrayBuffer {
  const raw = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(raw, (letter) => letter.charCodeAt(0)).buffer
}

const described = (list: unknown) =>
  ((list as { id: string; type: 'public-key' }[] | undefined) ?? []).map((one) => ({ ...one, id: decode(one.id) }))

async function add(asked: Json): Promise<Json> {
  const options = asked.publicKey as Json & { user: Json }
  const made = (await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: decode(options.challenge as string),
      user: { ...options.user, id: decode(options.user.id as string) },
      excludeCredentials: described(options.excludeCredentials),
    } as unknown as PublicKeyCredentialCreationOptions,
  })) as PublicKeyCredential
  const response = made.response as AuthenticatorAttestationResponse
  return answer(made, {
    clientDataJSON: encode(response.clientDataJSON),
    attestationObject: encode(response.attestationObject),
    transports: response.getTransports?.() ?? [],
  })
}

async function signIn(asked: Json): Promise<Json> {
  const options = asked.publicKey as Json
  const shown = (await navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: decode(options.challenge as string),
      allowCredentials: described(options.allowCredentials),
    } as unknown as PublicKeyCredentialRequestOptions,
  })) as PublicKeyCredential
  const response = shown.response as AuthenticatorAssertionResponse
  return answer(shown, {
    clientDataJSON: encode(response.clientDataJSON),
    authenticatorData: encode(response.authenticatorData),
    signature: encode(response.signature),
    userHandle: response.userHandle ? encode(response.userHandle) : null,
  })
}

function answer(credential: PublicKeyCredential, response: Json): Json {
  return {
    id: credential.id,
    rawId: encode(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  }
}

export function mount(element: HTMLElement, props: PasskeyProps): void {
  if (!('PublicKeyCredential' in window)) return
  element.classList.add('mt-3')
  const button = document.createElement('button')
  button.type = 'button'
  button.className = props.mode === 'add' ? 'btn btn-primary' : 'btn btn-default'
  button.textContent = props.strings.button
  const message = document.createElement('p')
  message.className = 'field-error'
  message.setAttribute('role', 'alert')
  message.hidden = true
  element.replaceChildren(button, message)

  const say = (text: string) => {
    message.textContent = text
    message.hidden = !text
  }
  button.addEventListener('click', async () => {
    button.disabled = true
    say('')
    try {
      const asked = await post(props.optionsUrl, {})
      if (!asked.ok) return say(String(asked.data.message ?? props.strings.failed))
      const given = props.mode === 'add' ? await add(asked.data) : await signIn(asked.data)
      const done = await post(props.finishUrl, given)
      if (!done.ok) return say(String(done.data.message ?? props.strings.failed))
      // What waits for the proof is the form of the page: it goes as it stands, with no password in it.
      if (props.mode === 'prove') return document.querySelector<HTMLFormElement>('form[data-proves]')?.submit()
      window.location.assign(String(done.data.next ?? '/'))
    } catch (error) {
      say(error instanceof DOMException ? props.strings.cancelled : props.strings.failed)
    } finally {
      button.disabled = false
    }
  })
}
