import { text } from './strings'
import { toast } from './toasts'

/** Small comforts of forms: one sending at a time, the first fault focused, lists filtered as one chooses. */
function focusFirstFault(root: ParentNode): void {
  const fault = root.querySelector<HTMLElement>('.form-faults, [aria-invalid="true"]')
  if (fault?.matches('.form-faults')) fault.tabIndex = -1
  fault?.focus()
}

/** A box over a list ticks all of it (`data-check-all` names the boxes), and tells when only some are ticked. */
function followAll(changed: HTMLInputElement): void {
  const form = changed.form
  const boss = form?.querySelector<HTMLInputElement>('input[data-check-all]')
  if (!form || !boss) return
  const boxes = [...form.querySelectorAll<HTMLInputElement>(`input[name="${boss.dataset.checkAll}"]`)]
  if (changed === boss) for (const box of boxes) box.checked = boss.checked
  const ticked = boxes.filter((box) => box.checked).length
  boss.checked = ticked === boxes.length
  boss.indeterminate = ticked > 0 && ticked < boxes.length
}

/** A form that answers with a file leaves the page where it is. */
export const staysHere = (form: HTMLFormElement) => form.target === '_blank' || form.hasAttribute('data-file')

export function startForms(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target
    if (!(form instanceof HTMLFormElement) || form.method !== 'post') return
    if (form.dataset.sent === 'yes') {
      event.preventDefault() // a second click while the first is under way
      return
    }
    if (form.hasAttribute('hx-post')) return
    if (!navigator.onLine) {
      event.preventDefault() // the browser's page of an error would take away what was typed
      toast(text('offline'), 'warning')
      // The same file chosen again is no change, unless the field is empty.
      for (const field of form.querySelectorAll<HTMLInputElement>('input[type=file][data-autosubmit]')) field.value = ''
      return
    }
    form.dataset.sent = 'yes'
    // The next sheet may be asked for in a moment.
    if (staysHere(form)) setTimeout(() => delete form.dataset.sent, 5000)
  })
  document.addEventListener('click', (event) => {
    const eye = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-reveal]') : null
    const field = eye && document.getElementById(eye.dataset.reveal ?? '')
    if (!(field instanceof HTMLInputElement)) return
    const shown = field.type === 'password'
    field.type = shown ? 'text' : 'password'
    eye?.setAttribute('aria-pressed', String(shown))
    field.focus()
  })
  window.addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll<HTMLFormElement>('form[data-sent]')) delete form.dataset.sent
  })
  document.addEventListener('change', (event) => {
    const field = event.target
    if (field instanceof Element && field.matches('[data-autosubmit]')) field.closest('form')?.requestSubmit()
    if (field instanceof HTMLInputElement) followAll(field)
  })
  document.addEventListener('keydown', (event) => {
    const save = (event.ctrlKey || event.metaKey) && (event.code === 'KeyS' || event.key === 'Enter')
    if (!save || event.defaultPrevented) return
    const form = event.target instanceof Element ? event.target.closest<HTMLFormElement>('form[method="post"]') : null
    if (!form) return
    event.preventDefault()
    form.requestSubmit()
  })
  document.addEventListener('htmx:afterSettle', (event) => {
    const status = ((event as CustomEvent).detail as { xhr?: XMLHttpRequest }).xhr?.status
    if (status === 422 && event.target instanceof Element) focusFirstFault(event.target)
  })
  focusFirstFault(document)
}
