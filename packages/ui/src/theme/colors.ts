import type { MantineColorsTuple } from '@mantine/core';

/** The brand's deep-water blue. Shade 8 carries white text at more than 4.5:1. */
export const tide: MantineColorsTuple = [
  '#ecf6fc',
  '#d6eaf6',
  '#abd5ee',
  '#7dbfe6',
  '#58abdd',
  '#3c97cf',
  '#2784bd',
  '#1a72a8',
  '#10618f',
  '#0a4f77',
];

/** Neutral of the dark theme, tinted towards the brand. Index 0 is text, 7 the page. */
export const dark: MantineColorsTuple = [
  '#dbe3ea',
  '#b9c5d0',
  '#97a6b4',
  '#6f7f8e',
  '#3d4a57',
  '#2d3843',
  '#212b34',
  '#161e26',
  '#10171d',
  '#0a0f14',
];

export const gray: MantineColorsTuple = [
  '#f7f9fb',
  '#eff3f6',
  '#e3e9ee',
  '#d3dce3',
  '#bcc8d1',
  '#94a3b0',
  '#6b7c8b',
  '#52626f',
  '#394853',
  '#1f2a33',
];

// Mantine's own red, green and yellow miss 4.5:1 on white at the primary shade; these do not.
export const red: MantineColorsTuple = [
  '#fff0f0',
  '#ffe0e0',
  '#ffc2c2',
  '#ff9c9c',
  '#fb7878',
  '#ee5555',
  '#dd3b3b',
  '#c92c2c',
  '#b42020',
  '#8f1616',
];

export const green: MantineColorsTuple = [
  '#eaf8f0',
  '#d5f0e0',
  '#a9e0c0',
  '#79cf9e',
  '#52bf81',
  '#37ab69',
  '#279457',
  '#1d8049',
  '#156c3c',
  '#0d552e',
];

export const yellow: MantineColorsTuple = [
  '#fff8e6',
  '#ffefc9',
  '#fddf94',
  '#f9cb57',
  '#eeb428',
  '#d69a0f',
  '#b47f08',
  '#966806',
  '#7d5605',
  '#604203',
];
