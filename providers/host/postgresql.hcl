# PostgreSQL on the host itself, asked through psql as the system user postgres. Passwords travel by standard input only.
resource "host_postgresql_role" {
  summary  = "A role of the host's PostgreSQL."
  identity = ["host", "name"]

  attributes = {
    host             = { type = host, required = true, replaces = true, description = "Where." }
    name             = { type = string, required = true, replaces = true, description = "Name of the role." }
    password         = { type = string, optional = true, sensitive = true, description = "Password. Left alone where not given." }
    login            = { type = bool, default = true, description = "Whether it may log in." }
    superuser        = { type = bool, default = false, description = "Whether it may everything." }
    create_database  = { type = bool, default = false, description = "Whether it may make databases." }
    create_role      = { type = bool, default = false, description = "Whether it may make roles." }
    replication      = { type = bool, default = false, description = "Whether it may replicate." }
    connection_limit = { type = number, default = -1, description = "Connections at once; -1 for no limit." }
    verifier         = { type = string, computed = true, sensitive = true, recompute = ["password"], description = "What the server keeps of the password: another one than after the last apply means that the password was changed by hand." }
  }

  read {
    facts "roles" {
      columns   = ["login", "superuser", "create_database", "create_role", "replication", "connection_limit", "verifier", "name"]
      separator = "\t"
      key       = "name"
      script    = <<-SH
        command -v psql >/dev/null || exit 0
        runuser -u postgres -- psql -X -q -A -t -F "$(printf '\t')" -c "SELECT rolcanlogin, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolconnlimit, coalesce(rolpassword, ''), rolname FROM pg_authid"
      SH
    }
    gone = !can(facts.roles[name])
  }
  object = {
    login            = facts.roles[name].login == "t"
    superuser        = facts.roles[name].superuser == "t"
    create_database  = facts.roles[name].create_database == "t"
    create_role      = facts.roles[name].create_role == "t"
    replication      = facts.roles[name].replication == "t"
    connection_limit = tonumber(facts.roles[name].connection_limit)
    password         = verifier == null || verifier == facts.roles[name].verifier ? password : null
    verifier         = facts.roles[name].verifier
  }

  create {
    stdin  = <<-SQL
      SET log_statement = 'none';
      SET log_min_error_statement = 'panic';
      SELECT 'CREATE ROLE "${replace(replace(name, "\"", "\"\""), "'", "''")}"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${replace(name, "'", "''")}') \gexec
      ALTER ROLE "${replace(name, "\"", "\"\"")}" ${login ? "LOGIN" : "NOLOGIN"} ${superuser ? "SUPERUSER" : "NOSUPERUSER"} ${create_database ? "CREATEDB" : "NOCREATEDB"} ${create_role ? "CREATEROLE" : "NOCREATEROLE"} ${replication ? "REPLICATION" : "NOREPLICATION"} CONNECTION LIMIT ${connection_limit} ${password == null ? "" : "PASSWORD '${replace(password == null ? "" : password, "'", "''")}'"};
    SQL
    script = <<-SH
      changed
      runuser -u postgres -- psql -X -q -v ON_ERROR_STOP=1 -f -
    SH
  }
  update { same_as = "create" }
  delete {
    stdin  = "DROP ROLE IF EXISTS \"${replace(name, "\"", "\"\"")}\";\n"
    script = <<-SH
      command -v psql >/dev/null || exit 0
      runuser -u postgres -- psql -X -q -v ON_ERROR_STOP=1 -f -
    SH
  }
}

resource "host_postgresql_database" {
  summary  = "A database of the host's PostgreSQL."
  identity = ["host", "name"]
  guarded  = true

  attributes = {
    host     = { type = host, required = true, replaces = true, description = "Where." }
    name     = { type = string, required = true, replaces = true, description = "Name of the database." }
    owner    = { type = string, default = "postgres", description = "Role that owns it." }
    encoding = { type = string, default = "UTF8", replaces = true, normalize = upper(replace(value, "-", "")), description = "Encoding of its texts." }
    protect  = { type = bool, default = true, description = "Whether it is kept from being deleted. A database holds data." }
  }

  read {
    facts "databases" {
      columns   = ["owner", "encoding", "name"]
      separator = "\t"
      key       = "name"
      script    = <<-SH
        command -v psql >/dev/null || exit 0
        runuser -u postgres -- psql -X -q -A -t -F "$(printf '\t')" -c "SELECT pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datname FROM pg_database"
      SH
    }
    gone = !can(facts.databases[name])
  }
  object = {
    owner    = facts.databases[name].owner
    encoding = facts.databases[name].encoding
  }

  create {
    stdin  = <<-SQL
      SELECT 'CREATE DATABASE "${replace(replace(name, "\"", "\"\""), "'", "''")}" ENCODING ''${replace(replace(encoding, "'", ""), "\\", "")}'' TEMPLATE template0' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '${replace(name, "'", "''")}') \gexec
      ALTER DATABASE "${replace(name, "\"", "\"\"")}" OWNER TO "${replace(owner, "\"", "\"\"")}";
    SQL
    script = <<-SH
      changed
      runuser -u postgres -- psql -X -q -v ON_ERROR_STOP=1 -f -
    SH
  }
  update {
    attributes = ["owner"]
    stdin      = "ALTER DATABASE \"${replace(name, "\"", "\"\"")}\" OWNER TO \"${replace(owner, "\"", "\"\"")}\";\n"
    script     = "runuser -u postgres -- psql -X -q -v ON_ERROR_STOP=1 -f -"
  }
  update { attributes = ["protect"] }
  delete {
    stdin  = "DROP DATABASE IF EXISTS \"${replace(name, "\"", "\"\"")}\" WITH (FORCE);\n"
    script = <<-SH
      command -v psql >/dev/null || exit 0
      runuser -u postgres -- psql -X -q -v ON_ERROR_STOP=1 -f -
    SH
  }
}

resource "host_postgresql_hba" {
  summary  = "A line of pg_hba.conf: who may log in from where, and how. Lines of ours stand before all others, in the order of their names."
  identity = ["host", "name"]

  attributes = {
    host = { type = host, required = true, replaces = true, description = "Where." }
    name = {
      type        = string
      required    = true
      replaces    = true
      description = "Names the line; lines are in the order of their names."
      validation  = { condition = can(regex("^[A-Za-z0-9_.:/-]+$", value)), message = "A name has letters, digits, and _ . : / -: ${value}" }
    }
    type     = { type = string, default = "host", description = "host, hostssl, hostnossl or local.", validation = { condition = contains(["host", "hostssl", "hostnossl", "local"], value), message = "A type is host, hostssl, hostnossl or local." } }
    database = { type = string, default = "all", description = "Database, or several with commas, or all.", validation = { condition = can(regex("^[^\\s#]+$", value)), message = "No blanks in it." } }
    user     = { type = string, default = "all", description = "Role, or several with commas, or all.", validation = { condition = can(regex("^[^\\s#]+$", value)), message = "No blanks in it." } }
    address  = { type = string, optional = true, description = "Address with length, such as 10.0.0.0/8; not for local.", validation = { condition = can(regex("^[^\\s#]+$", value)), message = "No blanks in it." } }
    method   = { type = string, default = "scram-sha-256", description = "How it proves itself.", validation = { condition = can(regex("^[a-z0-9-]+$", value)), message = "Not a method: ${value}" } }
    line     = { type = string, computed = true, value = join(" ", compact([type, database, user, address, method])), description = "The line." }
  }

  read {
    facts "lines" {
      script = <<-SH
        command -v psql >/dev/null || exit 0
        file=$(runuser -u postgres -- psql -X -q -A -t -c 'SHOW hba_file') || exit 0
        while IFS= read -r line; do
          case $line in
            *" # ashlar "*) emit "$${line##* # ashlar }" "$${line% # ashlar *}";;
          esac
        done <"$file"
      SH
    }
    gone = !can(facts.lines[name])
  }
  object = { line = facts.lines[name] }

  create {
    script = <<-SH
      file=$(runuser -u postgres -- psql -X -q -A -t -c 'SHOW hba_file')
      ours=
      others=
      while IFS= read -r line || [ -n "$line" ]; do
        case $line in
          *" # ashlar "${name}) ;;
          *" # ashlar "*) ours=$ours$line$nl;;
          *) others=$others$line$nl;;
        esac
      done <"$file"
      ours=$ours${line}" # ashlar "${name}$nl
      candidate=$(mktemp "$${file%/*}/.ashlar.XXXXXX")
      at_exit 'rm -f -- "$candidate"'
      { printf %s "$ours" | sort -t '#' -k 2; printf %s "$others"; } >"$candidate"
      chown --reference="$file" "$candidate"
      chmod --reference="$file" "$candidate"
      changed
      mv -fT -- "$candidate" "$file"
      runuser -u postgres -- psql -X -q -A -t -c 'SELECT pg_reload_conf()' >/dev/null
      bad=$(runuser -u postgres -- psql -X -q -A -t -c "SELECT line_number || ': ' || error FROM pg_hba_file_rules WHERE error IS NOT NULL")
      [ -z "$bad" ] || fail "PostgreSQL refuses line $bad"
    SH
  }
  update { same_as = "create" }
  delete {
    script = <<-SH
      command -v psql >/dev/null || exit 0
      file=$(runuser -u postgres -- psql -X -q -A -t -c 'SHOW hba_file')
      others=
      while IFS= read -r line || [ -n "$line" ]; do
        case $line in
          *" # ashlar "${name}) ;;
          *) others=$others$line$nl;;
        esac
      done <"$file"
      candidate=$(mktemp "$${file%/*}/.ashlar.XXXXXX")
      at_exit 'rm -f -- "$candidate"'
      printf %s "$others" >"$candidate"
      chown --reference="$file" "$candidate"
      chmod --reference="$file" "$candidate"
      mv -fT -- "$candidate" "$file"
      runuser -u postgres -- psql -X -q -A -t -c 'SELECT pg_reload_conf()' >/dev/null
    SH
  }
}
