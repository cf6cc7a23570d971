/// The page's style sheet. It holds no `<`, `>` or `&`, so that the page stays well-formed XML, and asks nothing of the
/// network: system fonts, no images.
///
/// The six colours of the arms were chosen by search: at least 23 apart in CIE 1976 L*a*b* for normal vision and for
/// full protanopia, deuteranopia and tritanopia (Machado, Oliveira and Fernandes, IEEE Trans Vis Comput Graph
/// 2009;15:1291), and a contrast of 3.2 to 1 or more with the paper. Shapes and dashes tell the arms apart without them.
enum PageStyle {
    static let sheet = """
        :root { color-scheme: light dark; --paper: #ffffff; --panel: #f6f7f9; --ink: #1a1d23; --soft: #565d6b;
          --rule: #d5d9e0; --grid: #e6e9ee; --good: #0f6b4f; --bad: #a3260f;
          --arm0: #388ffd; --arm1: #7a3408; --arm2: #14564c; --arm3: #a8189f; --arm4: #b98514; --arm5: #8a8f9f; }
        @media (prefers-color-scheme: dark) { :root { --paper: #15181d; --panel: #1d2128; --ink: #e8eaef;
          --soft: #a3abba; --rule: #3a414d; --grid: #2b313b; --good: #6fd6b2; --bad: #ff9b85;
          --arm0: #3d85e4; --arm1: #cd785a; --arm2: #95e8c3; --arm3: #f2adf2; --arm4: #f7f7a1; --arm5: #898ca2; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink);
          font: 16px/1.5 system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif; }
        main { max-width: 1180px; margin: 0 auto; padding: 28px 20px 40px; }
        h1 { font-size: 1.8rem; line-height: 1.2; margin: 0 0 6px; letter-spacing: -0.01em; }
        h2 { font-size: 1.2rem; line-height: 1.3; margin: 0 0 4px; }
        h3 { font-size: 1rem; margin: 18px 0 4px; }
        p { margin: 0 0 10px; max-width: 78ch; }
        section { margin-top: 34px; padding-top: 18px; border-top: 1px solid var(--rule); }
        .lead { color: var(--soft); }
        .note { color: var(--soft); font-size: 0.875rem; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 10px; margin: 18px 0 0; }
        .tile { background: var(--panel); border-radius: 8px; padding: 10px 14px; }
        .tile b { display: block; font-size: 1.35rem; font-weight: 600; font-variant-numeric: tabular-nums; }
        .tile span { color: var(--soft); font-size: 0.85rem; }
        .panels { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 340px), 1fr)); gap: 22px 28px;
          margin: 12px 0; }
        .panels.wide { grid-template-columns: repeat(auto-fill, minmax(min(100%, 430px), 1fr)); }
        .panels.wide .panel { max-width: 520px; }
        .panel { margin: 0; min-width: 0; max-width: 620px; }
        .panel figcaption { font-weight: 600; font-size: 0.92rem; margin-bottom: 4px; }
        .panel svg { display: block; width: 100%; height: auto; overflow: visible; }
        .legend { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 10px 0; padding: 0; list-style: none;
          font-size: 0.875rem; }
        .legend li { display: flex; align-items: center; gap: 8px; }
        .legend svg { width: 34px; height: 14px; flex: none; }
        .legend i { color: var(--soft); font-style: normal; }
        .scroll { overflow-x: auto; margin: 10px 0; }
        table { border-collapse: collapse; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
        caption { text-align: left; font-weight: 600; padding-bottom: 6px; }
        th, td { padding: 5px 12px 5px 0; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--grid);
          vertical-align: top; font-weight: 400; }
        thead th { white-space: normal; max-width: 17ch; color: var(--soft); border-bottom: 1px solid var(--rule); vertical-align: bottom; }
        th[scope=row], th:first-child, th.text, td.text { text-align: left; }
        td.wrap { white-space: normal; min-width: 16ch; text-align: left; }
        tr.group th { font-weight: 600; padding-top: 12px; }
        .agrees { color: var(--good); font-weight: 600; }
        .differs { color: var(--bad); font-weight: 600; }
        details { margin: 12px 0; border: 1px solid var(--rule); border-radius: 8px; padding: 8px 14px; }
        summary { cursor: pointer; font-weight: 600; }
        footer { margin-top: 40px; padding-top: 16px; border-top: 1px solid var(--rule); color: var(--soft);
          font-size: 0.85rem; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 8px 0; }
        dt { font-weight: 600; } dd { margin: 0; overflow-wrap: anywhere; white-space: pre-line; }
        svg text { font-family: inherit; font-size: 11px; fill: var(--ink); font-variant-numeric: tabular-nums; }
        svg .tick, svg .axis-label, svg .head, svg .row-note { fill: var(--soft); }
        svg .row-note, svg .halo { paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
        svg .number { font-size: 10.5px; } svg .row-heading { font-weight: 600; }
        svg .axis { stroke: var(--soft); stroke-width: 1; } svg .grid { stroke: var(--grid); stroke-width: 1; }
        svg .origin { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 3 3; }
        svg .box { fill: var(--panel); stroke: var(--rule); } svg .arrow { stroke: var(--soft); fill: none; }
        svg .curve { fill: none; stroke-width: 1.8; stroke-linejoin: round; } svg .band { stroke: none; opacity: 0.1; }
        svg .interval { stroke-width: 1.6; } svg .mark { stroke: var(--paper); stroke-width: 0.6; }
        svg .hollow { fill: var(--paper); stroke-width: 1.6; }
        svg .bar { fill: var(--arm0); opacity: 0.75; } svg .truth { stroke: var(--ink); stroke-width: 2; }
        \(armRules)
        @media print { details { border: none; } section { break-inside: avoid; } }
        """

    /// Colours of the arms: strokes for lines, fills for areas and marks. Arms beyond the sixth get dashes.
    private static let armRules: String =
        (0..<6).map { index in
            let colour = "var(--arm\(index))"
            return "svg .curve.arm\(index), svg .interval.arm\(index), svg .hollow.arm\(index) { stroke: \(colour); } "
                + "svg .band.arm\(index), svg .mark.arm\(index) { fill: \(colour); } "
        }.joined() + "svg .dash1 { stroke-dasharray: 7 3; } svg .dash2 { stroke-dasharray: 2 3; }"

    /// The classes of an arm by its position among all.
    static func arm(_ index: Int) -> String {
        let dash = index / 6 % 3
        return dash == 0 ? "arm\(index % 6)" : "arm\(index % 6) dash\(dash)"
    }
}
