/** What was typed survives a change of language, year or theme: kept in this tab only, until the page is back. */
const key = () => `mektep:draft:${location.pathname}${location.search}`

type Draft = Record<string, string | string[] | boolean>

function fields(form: HTMLFormElement): (HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement)[] {
  return [...form.elements].filter(
    (field): field is HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement =>
      (field instanceof HTMLInputElement && !['password', 'file', 'hidden', 'submit', 'button'].includes(field.type)) ||
      field instanceof HTMLSelectElement || field instanceof HTMLTextAreaElement,
  ).filter((field) => field.name !== '')
}

/** The forms whose content is worth keeping, by their place on the page. */
const forms = () => [...document.querySelectorAll<HTMLFormElement>('main form:not([data-no-draft])')]

export function collect(list: HTMLFormElement[]): Draft[] {
  return list.map((form) => {
    const draft: Draft = {}
    for (const field of fields(form)) {
      if (field instanceof HTMLInputElement && (field.type === 'checkbox' || field.type === 'radio')) {
        draft[`${field.name}=${field.value}`] = field.checked
      } else if (field instanceof HTMLSelectElement && field.multiple) {
        draft[field.name] = [...field.selectedOptions].map((option) => option.value)
      } else draft[field.name] = field.value
    }
    return draft
  })
}

export function restore(list: HTMLFormElement[], drafts: Draft[]): void {
  list.forEach((form, index) => {
    const draft = drafts[index]
    if (!draft) return
    for (const field of fields(form)) {
      const choice = field instanceof HTMLInputElement && (field.type === 'checkbox' || field.type === 'radio')
      const value = draft[choice ? `${field.name}=${field.value}` : field.name]
      if (value === undefined) continue
      if (choice) field.checked = value === true
      else if (field instanceof HTMLSelectElement && field.multiple && Array.isArray(value)) {
        for (const option of field.options) option.selected = value.includes(option.value)
      } else if (typeof value === 'string') field.value = value
    }
  })
}

export function startDrafts(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target
    if (!(form instanceof HTMLFormElement) || !form.hasAttribute('data-keeps-drafts')) return
    const drafts = collect(forms())
    if (drafts.length) sessionStorage.setItem(key(), JSON.stringify(drafts))
  })
  const kept = sessionStorage.getItem(key())
  if (kept === null) return
  sessionStorage.removeItem(key())
  restore(forms(), JSON.parse(kept) as Draft[])
}
