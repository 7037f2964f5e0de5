"""What is kept, a table a file: functions of a connection that take and give models."""
