"""The mock interview: questions, an interviewer that listens and presses, and a report of what to fix tonight."""
