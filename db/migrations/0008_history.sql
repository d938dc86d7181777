ALTER TABLE "entry_versions" ADD COLUMN "status" text;--> statement-breakpoint
ALTER TABLE "entry_versions" ADD COLUMN "assignees" jsonb;--> statement-breakpoint
ALTER TABLE "entry_versions" ADD COLUMN "original_start" text;--> statement-breakpoint
ALTER TABLE "entry_versions" ADD COLUMN "erased_at" timestamp with time zone;--> statement-breakpoint
UPDATE "entry_versions" v SET "original_start" = e."original_start" FROM "schedule_entries" e WHERE e."id" = v."entry_id" AND e."series_id" IS NOT NULL;
