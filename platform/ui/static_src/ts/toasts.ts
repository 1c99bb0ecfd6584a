import { text } from './strings'

export type Tone = 'success' | 'info' | 'warning' | 'danger'
interface ToastEvent { text: string; kind?: Tone; undo?: string }

const LIFE = 10_000 // long enough to read and to undo; hovering or focus stops the clock

/** Show a message in the corner; with `undo` a button that posts there, with `link` a way that opens beside the page. */
export function toast(message: string, kind: Tone = 'success', way: { undo?: string; link?: string; label?: string } = {}): void {
  const place = document.getElementById('toasts')
  const template = document.getElementById('toast-template')
  if (!place || !(template instanceof HTMLTemplateElement) || !message) return
  const item = template.content.firstElementChild?.cloneNode(true) as HTMLElement
  item.classList.add(`tone-${kind}`)
  item.querySelector('[data-text]')!.textContent = message
  for (const icon of item.querySelectorAll<HTMLElement>('[data-icon]')) icon.hidden = icon.dataset.icon !== kind
  const form = item.querySelector('form')!
  if (way.undo) {
    form.action = way.undo
    form.hidden = false
    const token = form.querySelector<HTMLInputElement>('[name=csrfmiddlewaretoken]')
    if (token) token.value = document.body.dataset.csrf ?? ''
  } else if (way.link) {
    const link = document.createElement('a')
    Object.assign(link, { className: 'btn btn-sm btn-default', href: way.link, target: '_blank', rel: 'noopener', textContent: way.label ?? '' })
    form.replaceWith(link)
  } else form.remove()
  place.append(item)
  arm(item)
}

function arm(item: HTMLElement): void {
  let timer = 0
  const start = () => { timer = window.setTimeout(() => item.remove(), LIFE) }
  const stop = () => window.clearTimeout(timer)
  item.addEventListener('mouseenter', stop)
  item.addEventListener('focusin', stop)
  item.addEventListener('mouseleave', start)
  item.addEventListener('focusout', start)
  item.querySelector('[data-dismiss]')?.addEventListener('click', () => item.remove())
  start()
}

export function startToasts(): void {
  for (const item of document.querySelectorAll<HTMLElement>('#toasts > .flash')) arm(item)
  document.addEventListener('mektep:toast', (event) => {
    const detail = (event as CustomEvent<ToastEvent>).detail
    toast(detail.text, detail.kind ?? 'success', { undo: detail.undo })
  })
  window.addEventListener('offline', () => toast(text('offline'), 'warning'))
}
