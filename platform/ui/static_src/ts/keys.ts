import { openDialog } from './dialogs'
import { focusRegisterSearch } from './register'
import { openSearch } from './search'

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select, [role=grid] *'))

/** Single keys by their place on the keyboard, so that the Kazakh and Russian layouts do not matter. */
export function startKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return
    if (document.body.dataset.keys === 'off' || document.querySelector('dialog[open]')) return
    if (event.key === '?' || (event.shiftKey && event.code === 'Slash')) {
      if (openDialog('keys')) event.preventDefault()
    } else if (event.code === 'Slash') {
      event.preventDefault()
      openSearch()
    } else if (event.code === 'KeyF' && !event.shiftKey && focusRegisterSearch()) {
      event.preventDefault()
    }
  })
}
