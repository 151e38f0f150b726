-- At the database's first start: the program's own role, which owns its database and may do nothing else.
CREATE ROLE mentornet LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
CREATE DATABASE mentornet OWNER mentornet;
