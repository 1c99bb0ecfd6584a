import htmx from 'htmx.org'
import { toast } from './toasts'
import { text } from './strings'

declare global {
  interface Window {
    htmx: typeof htmx
  }
}

/** HTMX under a strict CSP: no eval, no inline styles, our token, forms shown again on 422. */
export function startHtmx(): void {
  htmx.config.allowEval = false
  htmx.config.allowScriptTags = false
  htmx.config.includeIndicatorStyles = false
  htmx.config.selfRequestsOnly = true
  htmx.config.historyCacheSize = 0 // pages with children's data are not kept in localStorage
  htmx.config.refreshOnHistoryMiss = true
  htmx.config.defaultFocusScroll = false
  htmx.config.responseHandling = [
    { code: '204', swap: false },
    { code: '[23]..', swap: true },
    { code: '422', swap: true },
    { code: '[45]..', swap: false, error: true },
    { code: '...', swap: false },
  ] as typeof htmx.config.responseHandling
  window.htmx = htmx

  document.addEventListener('htmx:configRequest', (event) => {
    const detail = (event as CustomEvent).detail as { headers: Record<string, string> }
    detail.headers['X-CSRFToken'] = document.body.dataset.csrf ?? ''
  })
  document.addEventListener('htmx:responseError', (event) => {
    const { xhr } = (event as CustomEvent).detail as { xhr: XMLHttpRequest }
    // The page stays with all that is typed on it; the way in opens beside it.
    if (xhr.getResponseHeader('HX-Trigger')?.includes('mektep:toast')) return // the refusal has said why
    if (xhr.status !== 401 && xhr.status !== 403) return toast(text('serverFailed'), 'danger')
    toast(text('signInAgain'), 'danger', { link: xhr.getResponseHeader('Location') ?? '/', label: text('signIn') })
  })
  document.addEventListener('htmx:sendError', () => toast(text('offline'), 'danger'))
}
