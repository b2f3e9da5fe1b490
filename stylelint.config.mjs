/* What prettier does not settle: names, colours, and what wins over what. */
export default {
  extends: ["stylelint-config-standard"],
  rules: {
    "selector-class-pattern": [
      "^(ds-)?[a-z][a-z0-9]*(-[a-z0-9]+)*(__[a-z0-9-]+)?(--[a-z0-9-]+)?$",
      { message: "Name a class block, block__part or block--kind" },
    ],
    "color-no-hex": true, // colours are tokens
    "declaration-no-important": true,
    "max-nesting-depth": 1,
    "no-descending-specificity": null, // one file is one component: its own order is read, not guessed
    "custom-property-pattern": null, // --r-nord and --s1 are our tokens
    "import-notation": "string",
    "property-no-vendor-prefix": [true, { ignoreProperties: ["-webkit-text-size-adjust"] }], // Safari knows no other
    "value-keyword-case": ["lower", { ignoreKeywords: ["geometricPrecision", "A4"] }],
    "at-rule-empty-line-before": null,
    "rule-empty-line-before": null, // related rules may stand together
    "comment-empty-line-before": null,
  },
  overrides: [
    { files: ["**/tokens.css", "**/colours.css"], rules: { "color-no-hex": null, "color-hex-length": null } },
    {
      // WeasyPrint knows more of paged media than the linter, and draws in no font but ours
      files: ["static/documents/*.css"],
      rules: {
        "at-rule-descriptor-no-unknown": null,
        "declaration-property-value-no-unknown": null,
        "font-family-no-missing-generic-family-keyword": null,
      },
    },
  ],
};
