#pragma once

// The card's looks. Paper, ink and the memories' parts have the colours of the memory map (board/memory_map_svg.cpp),
// right and wrong those of the report, so that the three stand beside each other.
namespace dragonet {

inline constexpr char card_style[] = R"(<style>
  svg { color-scheme: light dark; --ink: #22262e; --soft: #667080; --paper: #fbfaf7; --line: #c9cdd3;
    --good: #228770; --bad: #c94a2a;
    --firmware: #6d93c4; --model_code: #e0a63c; --constants: #d0643a;
    --activations: #4f9d69; --features: #4b9aa8; --input: #9ccb86; --variables: #6d93c4; --stack: #9a74b8; }
  @media (prefers-color-scheme: dark) { svg { --ink: #e8e6e1; --soft: #9aa3b0; --paper: #16191f; --line: #3b424d;
    --good: #4ebea0; --bad: #f07854;
    --firmware: #7ba4d9; --model_code: #edb950; --constants: #e57b50;
    --activations: #62b57e; --features: #63b4c2; --input: #a9d693; --variables: #7ba4d9; --stack: #b18bd0; } }
  text { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: var(--ink); }
  .bold { font-weight: bold; } .soft { fill: var(--soft); } .no { fill: var(--bad); font-weight: bold; }
  .paper { fill: var(--paper); stroke: var(--line); } .track { fill: var(--line); }
  .right, .honest { fill: var(--good); } .wrong { fill: var(--bad); } .pretended { fill: var(--soft); }
  .interval, .limit { stroke: var(--ink); stroke-width: 2; fill: none; }
  .guess { stroke: var(--ink); stroke-dasharray: 2 2; }
  .firmware { fill: var(--firmware); } .model_code { fill: var(--model_code); } .constants { fill: var(--constants); }
  .activations { fill: var(--activations); } .features { fill: var(--features); } .input { fill: var(--input); } .variables { fill: var(--variables); }
  .stack { fill: var(--stack); }
  .dragon { fill: var(--good); } .dragon .line { fill: none; stroke-width: 2; } .dragon .eye { fill: var(--paper); }
  .dragon .line, .dragon .wing { stroke: var(--paper); stroke-linejoin: round; stroke-linecap: round; }
  .dragon .wing { stroke-width: 3; }
</style>
)";

/// 178 x 146 with its corner at (14, 5): body, wing, its bones, the eye.
inline constexpr char card_dragon[] =
    R"(<path d="M14 54C20 46 30 42 38 36C42 30 50 26 56 27C66 24 76 20 86 10C84 22 78 31 70 37C76 38 82 37 88 34C84 42 79 46 75 50C85 62 90 72 93 84C110 90 128 102 134 118C138 132 143 138 152 138C167 138 174 126 171 113L160 114L168 88L186 106L178 109C186 128 175 150 152 150L58 150C53 150 50 146 54 143C58 141 64 141 66 137C60 120 53 108 57 92C59 82 57 75 50 68C44 69 34 69 24 65C18 63 14 58 14 54Z"/>
<path class="wing" d="M84 96C82 60 94 30 112 6C144 12 172 28 192 58C180 54 168 56 162 65C153 60 143 64 138 75C130 72 120 78 116 92C106 102 92 104 84 96Z"/>
<path class="line" d="M113 10C128 24 148 42 161 64M112 12C120 30 130 50 137 74M88 148C84 146 82 143 86 141C92 139 96 134 94 124M130 148C112 150 98 140 102 124C104 116 112 112 120 114M22 57C30 60 38 59 44 56"/>
<circle class="eye" cx="47" cy="43" r="3.5"/>
)";

}  // namespace dragonet
