"use strict";
// What all our pages share: how they make elements, and how they read a figure for drawing.

const LONGEST = 2_000;

/** Makes an element. Every text is set as text, so nothing that Aries sends becomes markup. */
function make(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** Makes an element of a picture. */
function draw(tag, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") element.textContent = shortened(value);
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== "") element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** A browser takes seconds to lay out a line of hundreds of thousands of characters; no answer of ours has one. */
function shortened(text) {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** A cell as a number for drawing and sorting, never for showing; NaN where there is none. */
function number(cell) {
  return /^-?[\d,]*\.?\d+$/.test(cell ?? "") ? Number(cell.replaceAll(",", "")) : NaN;
}
