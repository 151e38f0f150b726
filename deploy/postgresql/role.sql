-- At the database's first start: the program's two roles. One owns its database and brings its tables up to date; the
-- other serves, and the database itself gives it no more than a division's rows. Neither may do anything else.
CREATE ROLE mentornet LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
CREATE ROLE mentornet_served LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
CREATE DATABASE mentornet OWNER mentornet;
