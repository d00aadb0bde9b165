// A setup file runs before each test file; what it imports, and so what it does, is the worker's own
import '../../src/index.ts';
