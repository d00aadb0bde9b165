// A setup file runs before each test file; what it imports runs once
import './promises.ts';
