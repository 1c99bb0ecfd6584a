/** Signing with eGov Mobile: a square on the screen, and how far the phone has come. */

export interface PhoneProps {
  showUrl: string
  stateUrl: string
  strings: Record<'show' | 'anew' | 'how' | 'square' | 'here' | 'waiting' | 'read' | 'expired' | 'offline', string>
}

interface Shown {
  svg: string
  link: string
  message?: string
}
interface Seen {
  state: 'waiting' | 'read' | 'refused' | 'expired' | 'signed'
  message: string
  next: string
}

const PAUSE = 2500

function part<K extends keyof HTMLElementTagNameMap>(tag: K, look: string, text = ''): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag)
  made.className = look
  made.textContent = text
  return made
}

export function mount(element: HTMLElement, props: PhoneProps): () => void {
  const words = props.strings
  const button = part('button', 'btn btn-default', words.show)
  button.type = 'button'
  const place = part('div', 'mt-3')
  const status = part('p', 'mt-3 mb-0')
  status.setAttribute('role', 'status')
  const trouble = part('p', 'field-error mt-3 mb-0')
  trouble.setAttribute('role', 'alert')
  element.replaceChildren(button, place, status, trouble)
  let timer: ReturnType<typeof setTimeout> | undefined

  const say = (text: string, error = '') => {
    status.textContent = text
    trouble.textContent = error
    status.hidden = !text
    trouble.hidden = !error
  }
  say('')

  const draw = ({ svg, link }: Shown) => {
    const square = part('img', 'eds-square')
    square.alt = words.square
    square.width = square.height = 220
    square.src = `data:image/svg+xml;base64,${btoa(svg)}`
    const here = part('a', 'btn btn-link eds-here', words.here)
    here.href = link
    place.replaceChildren(part('p', 'muted', words.how), square, here)
    button.textContent = words.anew
  }

  const over = (text: string) => {
    place.replaceChildren()
    say('', text)
  }

  const look = async (): Promise<void> => {
    try {
      const answer = await fetch(props.stateUrl)
      if (!answer.ok) throw new Error(String(answer.status))
      const seen = (await answer.json()) as Seen
      if (seen.state === 'signed') return window.location.assign(seen.next)
      if (seen.state === 'expired') return over(words.expired)
      if (seen.state === 'refused') say('', seen.message)
      else say(`${seen.state === 'read' ? words.read : words.waiting} ${seen.message}`)
    } catch {
      say('', words.offline)
    }
    timer = setTimeout(() => void look(), PAUSE)
  }

  button.addEventListener('click', async () => {
    clearTimeout(timer)
    button.disabled = true
    try {
      const answer = await fetch(props.showUrl, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-CSRFToken': document.body.dataset.csrf ?? '' },
        body: '{}',
      })
      const shown = (await answer.json()) as Shown
      if (!answer.ok) return say('', shown.message ?? words.offline)
      draw(shown)
      say(words.waiting)
      timer = setTimeout(() => void look(), PAUSE)
    } catch {
      say('', words.offline)
    } finally {
      button.disabled = false
    }
  })
  return () => clearTimeout(timer)
}
