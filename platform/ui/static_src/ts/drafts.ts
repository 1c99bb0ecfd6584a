/**
 * What was typed survives a change of language, year or theme, a session that ended, and a page that could not be sent.
 * Kept in this tab only, for this person only, until the page is back; passwords and files never.
 */
import { staysHere } from './forms'
import { text } from './strings'

const KEY = 'mektep:draft'

/** Why it is kept: a switch of the frame was pressed; it was sent and not answered yet; it came back without being taken. */
type Why = 'switch' | 'sent' | 'unsent'
export type Draft = Record<string, string | string[] | boolean>
interface Kept { why: Why; page: string; person: string; forms: [string, Draft][] }

const here = () => `${location.pathname}${location.search}`
const person = () => document.body.dataset.person ?? ''

/** Hidden fields of one visit: what the person saw (so that a later change by others is noticed), and the mark of one sending. */
const ofTheVisit = (field: HTMLInputElement) => field.type === 'hidden' && /^(seen|once)\b/.test(field.name)

function isKept(field: Element): field is HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement {
  if (field instanceof HTMLSelectElement || field instanceof HTMLTextAreaElement) return field.name !== ''
  if (!(field instanceof HTMLInputElement) || field.name === '') return false
  return ofTheVisit(field) || !['password', 'file', 'hidden', 'submit', 'button'].includes(field.type)
}

const fields = (form: HTMLFormElement) => [...form.elements].filter(isKept)

/** The same form on the page drawn anew: other forms may have come or gone around it. */
function nameOf(form: HTMLFormElement): string {
  const hidden = [...form.querySelectorAll<HTMLInputElement>('input[type=hidden]:not([name=csrfmiddlewaretoken])')]
    .filter((field) => !ofTheVisit(field))
  return [form.getAttribute('action') ?? '', ...hidden.map((field) => `${field.name}=${field.value}`)].join('|')
}

/** The forms whose content is worth keeping. */
export const forms = () => [...document.querySelectorAll<HTMLFormElement>('main form:not([data-no-draft])')]

export function collect(list: HTMLFormElement[]): [string, Draft][] {
  return list.map((form) => {
    const draft: Draft = {}
    for (const field of fields(form)) {
      if (field instanceof HTMLInputElement && (field.type === 'checkbox' || field.type === 'radio')) {
        draft[`${field.name}=${field.value}`] = field.checked
      } else if (field instanceof HTMLSelectElement && field.multiple) {
        draft[field.name] = [...field.selectedOptions].map((option) => option.value)
      } else draft[field.name] = field.value
    }
    return [nameOf(form), draft]
  })
}

/** Put the drafts back; answer the forms that now hold something else than the server drew. */
export function restore(list: HTMLFormElement[], drafts: [string, Draft][]): HTMLFormElement[] {
  const left = [...drafts]
  return list.filter((form) => {
    const place = left.findIndex(([name]) => name === nameOf(form))
    if (place < 0) return false
    const [[, draft]] = left.splice(place, 1) as [[string, Draft]]
    const before = JSON.stringify(collect([form]))
    for (const field of fields(form)) {
      const choice = field instanceof HTMLInputElement && (field.type === 'checkbox' || field.type === 'radio')
      const value = draft[choice ? `${field.name}=${field.value}` : field.name]
      if (value === undefined) continue
      if (choice) field.checked = value === true
      else if (field instanceof HTMLSelectElement && field.multiple && Array.isArray(value)) {
        for (const option of field.options) option.selected = value.includes(option.value)
      } else if (typeof value === 'string') field.value = value
    }
    return JSON.stringify(collect([form])) !== before
  })
}

function keep(why: Why): void {
  const drafts = collect(forms()).filter(([, draft]) => Object.keys(draft).length)
  if (!drafts.length) return
  remember({ why, page: here(), person: person(), forms: drafts })
}

const remember = (kept: Kept) => sessionStorage.setItem(KEY, JSON.stringify(kept))

/** The page that asks for the password sends on what came to it: its answer is the answer to that. */
function sendOn(): void {
  const kept = sessionStorage.getItem(KEY)
  if (kept !== null) remember({ ...(JSON.parse(kept) as Kept), why: 'sent' })
}

const forget = () => sessionStorage.removeItem(KEY)

/** Say at the form that its content is not saved yet. */
export function say(form: HTMLFormElement): void {
  const note = document.createElement('div')
  note.className = 'note tone-warning'
  note.setAttribute('role', 'status')
  form.prepend(note)
  note.textContent = text(form.querySelector('input[type=file]') ? 'typedAgainFiles' : 'typedAgain')
}

/** The page is here: what was kept is put back, waits on, or is of no use any more. */
function meet(kept: Kept): void {
  const refusal = document.querySelector<HTMLElement>('[data-unsent]')
  if (refusal) {
    // Sign in first, or the page had grown old: the form was not taken.
    if (kept.why === 'switch') return
    refusal.hidden = false
    document.querySelector('[data-over]')?.remove() // it says the same, and less
    remember({ ...kept, why: 'unsent' })
    return
  }
  const [visit] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
  const cameBack = visit?.type === 'back_forward'
  if (!person()) return
  // Whatever page comes by itself is the answer; a way back past the browser's page of an error is none.
  if (kept.person !== person() || (kept.why === 'sent' && !cameBack)) forget()
  else if (kept.page === here()) {
    forget()
    const changed = restore(forms(), kept.forms)
    if (kept.why !== 'switch') changed.forEach(say)
  } else if (kept.why === 'sent') remember({ ...kept, why: 'unsent' })
}

export function startDrafts(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target
    if (event.defaultPrevented || !(form instanceof HTMLFormElement)) return
    if (form.hasAttribute('data-keeps-drafts')) keep('switch')
    else if (form.hasAttribute('data-proves')) sendOn()
    else if (form.method === 'post' && !staysHere(form) && forms().includes(form)) keep('sent')
  })
  const kept = sessionStorage.getItem(KEY)
  if (kept !== null) meet(JSON.parse(kept) as Kept)
}
