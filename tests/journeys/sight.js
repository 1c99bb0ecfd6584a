// Put into a page beside axe when it is looked at: window.sight.
window.sight = (() => {
    const says = one => [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim())
    const hashOf = text => {
        let sum = 7
        for (let at = 0; at < text.length; at++) sum = (Math.imul(sum, 31) + text.charCodeAt(at)) | 0
        return sum
    }

    /** Of rows made alike, down to every class and attribute, two are looked at: an odd and an even one. These are the others. */
    function alikeIn(box) {
        const makes = new Map()
        const make = one => {
            const own = [...one.attributes].map(a => /^(class|role|type|style|aria-(current|pressed|expanded|selected|invalid|disabled|hidden|sort)|data-state)/.test(a.name) ? a.name + a.value : a.name)
            const said = one.tagName + own.sort() + says(one) + [...one.children].map(make)
            makes.set(one, said)
            return said
        }
        make(box)
        const alike = []
        const sift = parent => {
            const met = {}
            for (const one of parent.children) {
                const times = (met[makes.get(one)] ?? 0) + 1
                met[makes.get(one)] = times
                if (times > 2) alike.push(one)
                else sift(one)
            }
        }
        sift(box)
        return alike
    }

    /** Names that stand twice on the page and are pointed at: a label would lead to the first of them. */
    function namedTwice(box) {
        const times = {}, found = new Set()
        for (const one of document.querySelectorAll('[id]')) times[one.id] = (times[one.id] ?? 0) + 1
        for (const by of ['for', 'aria-labelledby', 'aria-describedby', 'aria-controls', 'aria-owns', 'popovertarget', 'list'])
            for (const one of box.querySelectorAll(`[${by}]`))
                for (const name of one.getAttribute(by).split(/\s+/)) if (times[name] > 1) found.add(name)
        return [...found].map(name => `named twice: #${name}`)
    }

    /** Tags, classes and attributes by which the styles give colours: nothing else can change one. */
    function readStyles() {
        const found = { tags: new Set(['INPUT', 'SELECT', 'TEXTAREA', 'BUTTON', 'A']), classes: new Set(), attributes: new Set() }
        const go = rules => {
            for (const { selectorText, style, cssRules } of rules) {
                if (selectorText && /color|background|opacity|filter|--|fill/.test(style.cssText)) {
                    for (const [, name] of selectorText.matchAll(/\.([\w-]+)/g)) found.classes.add(name)
                    for (const [, name] of selectorText.matchAll(/(?:^|[\s>+~,(])([a-z][a-z0-9]*)/g)) found.tags.add(name.toUpperCase())
                    for (const [, name, sign, value] of selectorText.matchAll(/\[([a-z-]+)(?:([~^$*|]?=)"?([^"\]]*)"?)?/g))
                        found.attributes.add(!sign ? name : sign === '=' ? `${name}=${value}` : `${name}=*`)
                }
                if (cssRules) go(cssRules)
            }
        }
        for (const sheet of document.styleSheets) go(sheet.cssRules)
        return found
    }
    let styles = null

    /** How an element looks to the styles; empty if none asks for it. */
    function looks(one) {
        const { tags, classes, attributes } = styles ??= readStyles()
        const own = [...one.classList].filter(name => classes.has(name)).sort()
        for (const { name, value } of one.attributes) {
            if (name === 'class') continue
            if (name === 'style' || attributes.has(`${name}=*`) || attributes.has(`${name}=${value}`)) own.push(`${name}=${value}`)
            else if (name === 'disabled' || attributes.has(name)) own.push(name)
        }
        return own.length || tags.has(one.tagName) ? `>${one.tagName} ${own.join(' ')}` : ''
    }

    /** Texts to be seen, two of each kind of colours that is not among the known: its classes and states and those of all it stands in. */
    function textsIn(box, alike, known) {
        const left = new Set(alike), shown = new Set(known), met = new Map(), texts = []
        const go = (one, above) => {
            if (left.has(one)) return
            const key = above + looks(one)
            if (says(one) || /^(INPUT|SELECT|TEXTAREA)$/.test(one.tagName)) {
                const hash = hashOf(key), times = met.get(hash) ?? 0
                if (times < 2 && !shown.has(hash) && one.checkVisibility({ visibilityProperty: true })) {
                    met.set(hash, times + 1)
                    texts.push(one)
                }
            }
            for (const child of one.children) go(child, key)
        }
        go(box, '')
        return [texts, [...met.keys()]]
    }

    // What a place that scrolls cuts off at its edge, or a bar that stands still covers, is whole a push further: its own size counts.
    function isCut(rule, node) {
        if (rule !== 'target-size' || !/partially obscured/.test(node.failureSummary ?? '')) return false
        const element = document.querySelector(node.target[0]), size = element?.getBoundingClientRect()
        if (!size || size.width < 24 || size.height < 24) return false
        const scroller = element.closest('.plan-scroll, .table-wrap, .jg-wrap')
        if (scroller && scroller.scrollWidth > scroller.clientWidth) return true
        return [...document.querySelectorAll('body *')].some(one => {
            if (one.contains(element) || !/fixed|sticky/.test(getComputedStyle(one).position)) return false
            const bar = one.getBoundingClientRect()
            return bar.top < size.bottom && bar.bottom > size.top && bar.left < size.right && bar.right > size.left
        })
    }

    async function run(include, exclude, rules) {
        const found = await axe.run({ include, exclude }, { ...rules, preload: false, resultTypes: ['violations'] })
        return found.violations.flatMap(one => one.nodes.filter(node => !isCut(one.id, node)).slice(0, 3).map(
            node => `${one.id}: ${node.html.slice(0, 200)} ${(node.failureSummary ?? '').slice(0, 240)}`))
    }

    const boxOf = where => where ? document.querySelector(where) : document.documentElement

    return {
        async faults([where, rules]) {
            const box = boxOf(where)
            return [...namedTwice(box), ...await run([box], alikeIn(box), rules)]
        },
        /** Colours of the texts that are not known yet. */
        colours([where, known]) {
            const box = boxOf(where)
            return textsIn(box, alikeIn(box), known)[1]
        },
        /** Faults of the texts whose colours are not known yet. */
        async contrasts([where, known, rules]) {
            const box = boxOf(where), alike = alikeIn(box), [texts] = textsIn(box, alike, known)
            return texts.length ? run(texts, alike, rules) : []
        },
    }
})()
