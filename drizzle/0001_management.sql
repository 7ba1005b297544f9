CREATE TABLE "account_settings" (
	"account_id" text PRIMARY KEY NOT NULL,
	"password_policy" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"security_preferences" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"quotas" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"audit_retention_days" integer,
	"help_text" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "group_members" (
	"account_id" text NOT NULL,
	"group_id" text NOT NULL,
	"user_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "group_members_group_id_user_id_pk" PRIMARY KEY("group_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "groups" (
	"group_id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"group_name" text NOT NULL,
	"group_name_key" text NOT NULL,
	"display_name" text,
	"comments" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"revision" bigint DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"account_id" text NOT NULL,
	"user_id" text NOT NULL,
	"key_hash" text NOT NULL,
	"request_hash" text NOT NULL,
	"status" integer NOT NULL,
	"answer" jsonb NOT NULL,
	"location" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_account_id_user_id_key_hash_pk" PRIMARY KEY("account_id","user_id","key_hash")
);
--> statement-breakpoint
CREATE TABLE "password_history" (
	"password_history_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "password_history_password_history_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"account_id" text NOT NULL,
	"user_id" text NOT NULL,
	"password_hash" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "policies" (
	"account_id" text NOT NULL,
	"policy_name" text NOT NULL,
	"policy_name_key" text NOT NULL,
	"description" text,
	"default_version_id" text NOT NULL,
	"latest_version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"revision" bigint DEFAULT 1 NOT NULL,
	CONSTRAINT "policies_account_id_policy_name_key_pk" PRIMARY KEY("account_id","policy_name_key")
);
--> statement-breakpoint
CREATE TABLE "policy_versions" (
	"account_id" text NOT NULL,
	"policy_name_key" text NOT NULL,
	"document_id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "policy_versions_document_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"version_id" text NOT NULL,
	"document" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "policy_versions_account_id_policy_name_key_version_id_pk" PRIMARY KEY("account_id","policy_name_key","version_id")
);
--> statement-breakpoint
CREATE TABLE "group_policies" (
	"account_id" text NOT NULL,
	"group_id" text NOT NULL,
	"policy_type" text NOT NULL,
	"policy_name" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "group_policies_group_id_policy_type_policy_name_pk" PRIMARY KEY("group_id","policy_type","policy_name")
);
--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "erased_from" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "account_settings" ADD CONSTRAINT "account_settings_account_id_accounts_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("account_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "group_members" ADD CONSTRAINT "group_members_group_id_groups_group_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."groups"("group_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "group_members" ADD CONSTRAINT "group_members_user_id_users_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("user_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "groups" ADD CONSTRAINT "groups_account_id_accounts_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("account_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "password_history" ADD CONSTRAINT "password_history_user_id_users_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("user_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies" ADD CONSTRAINT "policies_account_id_accounts_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("account_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policy_versions" ADD CONSTRAINT "policy_versions_policy" FOREIGN KEY ("account_id","policy_name_key") REFERENCES "public"."policies"("account_id","policy_name_key") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "group_policies" ADD CONSTRAINT "group_policies_group_id_groups_group_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."groups"("group_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "group_members_user" ON "group_members" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "groups_account_name" ON "groups" USING btree ("account_id","group_name_key");--> statement-breakpoint
CREATE INDEX "idempotency_keys_expiry" ON "idempotency_keys" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "password_history_user" ON "password_history" USING btree ("user_id","password_history_id");--> statement-breakpoint
CREATE UNIQUE INDEX "policies_account_name" ON "policies" USING btree ("account_id","policy_name");--> statement-breakpoint
CREATE INDEX "policy_versions_made" ON "policy_versions" USING btree ("account_id","policy_name_key","created_at");--> statement-breakpoint
CREATE INDEX "group_policies_policy" ON "group_policies" USING btree ("account_id","policy_type","policy_name");--> statement-breakpoint
CREATE INDEX "audit_events_actor" ON "audit_events" USING btree ("account_id","actor_user_id","audit_event_id");--> statement-breakpoint
CREATE INDEX "audit_events_action" ON "audit_events" USING btree ("account_id","action","audit_event_id");--> statement-breakpoint
CREATE INDEX "audit_events_resource" ON "audit_events" USING btree ("account_id","resource","audit_event_id");--> statement-breakpoint
CREATE INDEX "audit_events_age" ON "audit_events" USING btree ("at");