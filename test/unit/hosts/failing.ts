interface Wide {
  text: string;
}

// A bundle has it on another line, and in another column
export const failing = (wide: Wide): Error => new Error(wide.text);
