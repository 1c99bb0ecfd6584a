/** Small comforts of forms: one sending at a time, the first fault focused, lists filtered as one chooses. */
function focusFirstFault(root: ParentNode): void {
  const fault = root.querySelector<HTMLElement>('.form-faults, [aria-invalid="true"]')
  if (fault?.matches('.form-faults')) fault.tabIndex = -1
  fault?.focus()
}

export function startForms(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target
    if (!(form instanceof HTMLFormElement) || form.method !== 'post') return
    if (form.dataset.sent === 'yes') {
      event.preventDefault() // a second click while the first is under way
      return
    }
    if (form.hasAttribute('hx-post')) return
    form.dataset.sent = 'yes'
  })
  window.addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll<HTMLFormElement>('form[data-sent]')) delete form.dataset.sent
  })
  document.addEventListener('change', (event) => {
    const field = event.target
    if (field instanceof Element && field.matches('[data-autosubmit]')) field.closest('form')?.requestSubmit()
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
